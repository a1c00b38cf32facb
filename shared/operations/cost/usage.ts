import type { CounterName } from '../../schemas/telemetry.ts'
import type { Usage } from '../../schemas/usage.ts'

/** What a counter has come to in this process, for one set of labels; the names have a prefix. */
export interface CounterSeries {
  metric: string
  labels: Readonly<Partial<Record<string, string | number>>>
  value: number
}

export const noUsage = (): Usage => ({
  ...{ gb_seconds: {}, executions: {}, request_units: {} },
  ...{ blob_reads: 0, blob_writes: 0, queue_operations: 0, hub_events: 0, log_bytes: 0, lists: 0 },
})

/** What a process has used since it began, by its own counters. */
export function usageOf(series: readonly CounterSeries[], { memoryMb }: { memoryMb: number }): Usage {
  const of = (name: CounterName) => series.filter(({ metric }) => metric === `sidecart_${name}`)
  const sum = (found: readonly CounterSeries[]) => found.reduce((total, { value }) => total + value, 0)
  const byTrigger = (name: CounterName, times = 1): Usage['executions'] =>
    Object.fromEntries(of(name).map(({ labels, value }) => [labels.trigger, value * times]))
  const storage = (service: string, ...kinds: string[]) =>
    sum(
      of('storage_operations_total').filter(
        ({ labels }) => labels.service === service && kinds.includes(String(labels.kind)),
      ),
    )
  return {
    gb_seconds: byTrigger('active_ms_total', memoryMb / 1024 / 1000),
    executions: byTrigger('executions_total'),
    request_units: byTrigger('request_units_total'),
    blob_reads: storage('blob', 'read'),
    blob_writes: storage('blob', 'write', 'list'),
    queue_operations: storage('queue', 'read', 'write', 'list'),
    hub_events: sum(of('hub_events_total')),
    log_bytes: sum(of('log_bytes_total')),
    lists: sum(of('lists_total')),
  }
}

export const plusUsage = (one: Usage, other: Usage): Usage => combined(one, other, (a, b) => a + b)
/** What is beyond `earlier`; never below 0, as counters only grow. */
export const minusUsage = (later: Usage, earlier: Usage): Usage =>
  combined(later, earlier, (a, b) => Math.max(0, a - b))
export const timesUsage = (usage: Usage, factor: number): Usage => combined(usage, noUsage(), a => a * factor)

/** All triggers together. */
export const allOf = (amounts: Usage['executions']): number =>
  Object.values(amounts).reduce((total, amount) => total + amount, 0)

/** Whether nothing ran: what is spent between invocations, like on writing this down, waits for the next one. */
export const isIdle = ({ executions, gb_seconds }: Usage): boolean => allOf(executions) + allOf(gb_seconds) === 0

function combined(one: Usage, other: Usage, join: (a: number, b: number) => number): Usage {
  const byTrigger = (name: 'gb_seconds' | 'executions' | 'request_units'): Usage['executions'] => {
    const triggers = Object.keys({ ...one[name], ...other[name] }) as (keyof Usage['executions'])[]
    return Object.fromEntries(
      triggers.map(trigger => [trigger, join(one[name][trigger] ?? 0, other[name][trigger] ?? 0)]),
    )
  }
  const of = (name: 'blob_reads' | 'blob_writes' | 'queue_operations' | 'hub_events' | 'log_bytes' | 'lists'): number =>
    join(one[name], other[name])
  return {
    gb_seconds: byTrigger('gb_seconds'),
    executions: byTrigger('executions'),
    request_units: byTrigger('request_units'),
    blob_reads: of('blob_reads'),
    blob_writes: of('blob_writes'),
    queue_operations: of('queue_operations'),
    hub_events: of('hub_events'),
    log_bytes: of('log_bytes'),
    lists: of('lists'),
  }
}
