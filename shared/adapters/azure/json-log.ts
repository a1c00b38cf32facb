import type { Log, LogRecord, Redact } from '../../ports.ts'
import type { AzureTelemetry } from './telemetry.ts'

/**
 * One JSON object a line, without secrets, with the ids of the span at hand: the Functions host hands the lines to
 * Application Insights, where bytes are money.
 */
export function jsonLog(redact: Redact, telemetry: Pick<AzureTelemetry, 'place' | 'count' | 'fail'>): Log {
  const line = (level: 'info' | 'warn' | 'error', record: LogRecord): string => {
    const place = telemetry.place()
    const ids = place && { trace_id: place.traceId, span_id: place.spanId }
    const text = redact(JSON.stringify({ level, ...record, ...ids }))
    telemetry.count('log_bytes_total', { level }, Buffer.byteLength(text))
    return text
  }
  return {
    info: record => console.log(line('info', record)),
    warn: record => console.warn(line('warn', record)),
    error: record => {
      telemetry.fail()
      console.error(line('error', record))
    },
  }
}
