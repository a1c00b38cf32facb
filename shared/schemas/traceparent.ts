/** Where a piece of work stands in a trace. */
export interface TracePlace {
  traceId: string
  spanId: string
  sampled: boolean
}

/**
 * What the header `traceparent` says; undefined where it is not well formed, as one that lies about its form is worth nothing.
 * Versions to come are read as far as this one goes. Source: W3C Trace Context, section 3.2.
 */
export function parseTraceparent(text: string | null | undefined): TracePlace | undefined {
  const [, version, traceId = '', spanId = '', flags = '', rest] =
    /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/.exec(text ?? '') ?? []
  if (version === undefined || version === 'ff' || (version === '00' && rest !== undefined)) return undefined
  if (/^0+$/.test(traceId) || /^0+$/.test(spanId)) return undefined
  return { traceId, spanId, sampled: (Number.parseInt(flags, 16) & 1) === 1 }
}

/** The header that hands a trace on. */
export const traceparentOf = ({ traceId, spanId, sampled }: TracePlace): string =>
  `00-${traceId}-${spanId}-${sampled ? '01' : '00'}`
