import { expect, test } from 'vitest'
import { type Fault, faultyPorts } from '../../../tests/faulty-ports.ts'
import { type MemoryPorts, memoryPorts } from '../../adapters/memory/ports.ts'
import type { Ports } from '../../ports.ts'
import { collections } from '../../schemas/collections.ts'
import type { Usage } from '../../schemas/usage.ts'
import { noUsage, usageOf } from './usage.ts'
import { UsageMeter } from './usage-meter.ts'

const minuteMs = 60_000
/** What a process has used after so many requests. */
const after = (requests: number): Usage => ({
  ...noUsage(),
  executions: { http: requests },
  gb_seconds: { http: requests / 2 },
  lists: requests,
})

/** A process whose use grows by hand. */
function instance(writer: string, ports: Pick<Ports, 'documents' | 'clock' | 'log'>) {
  const use = { requests: 0 }
  const meter = new UsageMeter({ writer, used: async () => after(use.requests) }, ports)
  const asked = (requests: number) => {
    use.requests += requests
  }
  return { meter, asked }
}
const stored = async ({ documents }: Ports, day = '2026-01-01') =>
  (await documents.read(collections.usageDays, { id: day, partition: day }))?.document
const requestsIn = async (ports: Ports, day?: string) => (await stored(ports, day))?.usage.executions.http ?? 0

test('two instances add what they used to the same day', async () => {
  const ports = memoryPorts()
  const [one, other] = [instance('one', ports), instance('other', ports)]
  for (const round of [1, 2, 3]) {
    one.asked(round)
    other.asked(10 * round)
    await Promise.all([one.meter.write(), other.meter.write()])
  }
  expect((await stored(ports))?.usage).toEqual(after(66))
})

test('nothing counts twice, and nothing is lost, whichever operation fails and whether or not its effect does', async () => {
  for (let at = 1; at <= 6; at++) {
    for (const loses of ['effect', 'answer'] as const) {
      const ports = memoryPorts()
      const fault: Fault = { at, loses, worker: 'alive' }
      const { meter, asked } = instance('one', faultyPorts(ports, fault).ports)
      const failures: unknown[] = []
      for (const _ of [1, 2, 3, 4]) {
        asked(1)
        await meter.write().catch(cause => failures.push(cause))
        // Somebody else writes between, so that the version alone would not tell.
        const other = instance(`other ${_}`, ports)
        other.asked(100)
        await other.meter.write()
        ports.advance(minuteMs)
      }
      await meter.write()
      expect([at, loses, failures.length, await requestsIn(ports)]).toEqual([at, loses, 1, 404])
    }
  }
})

test('a part whose fate is unknown for ten minutes is given up rather than counted twice, and that is told', async () => {
  const ports = memoryPorts()
  const { meter, asked } = instance('one', faultyPorts(ports, { at: 2, loses: 'answer', worker: 'alive' }).ports)
  asked(1)
  await meter.end()
  ports.advance(11 * minuteMs)
  asked(1)
  await meter.write()
  expect(await requestsIn(ports)).toBe(2)
  expect(ports.logged).toMatchObject([
    { level: 'warn', stage: 'usage', error: expect.stringContaining('struck') },
    { level: 'warn', stage: 'usage', given_up: 1 },
  ])
})

test('it writes once a minute, and not at all while nothing runs', async () => {
  const ports: MemoryPorts = memoryPorts()
  const { meter, asked } = instance('one', ports)
  const settle = () => meter.write()
  asked(1)
  meter.keepWritten()
  await settle()
  const first = await stored(ports)
  asked(1)
  meter.keepWritten()
  expect(await stored(ports)).toEqual(first)
  ports.advance(minuteMs)
  meter.keepWritten()
  await settle()
  expect(await requestsIn(ports)).toBe(2)
  const etagOf = async () =>
    (await ports.documents.read(collections.usageDays, { id: '2026-01-01', partition: '2026-01-01' }))?.etag
  const before = await etagOf()
  ports.advance(minuteMs)
  await meter.write()
  expect(await etagOf()).toBe(before)
})

test('what is used after midnight is of the next day, and writers of long ago are forgotten', async () => {
  const ports = memoryPorts()
  const { meter, asked } = instance('one', ports)
  asked(1)
  await meter.write()
  const other = instance('other', ports)
  ports.advance(25 * minuteMs)
  other.asked(1)
  await other.meter.write()
  expect(Object.keys((await stored(ports))?.writers ?? {})).toEqual(['other'])
  ports.advance(24 * 60 * minuteMs)
  asked(5)
  await meter.write()
  expect([await requestsIn(ports), await requestsIn(ports, '2026-01-02')]).toEqual([2, 5])
})

test('counters of a process become what is paid: lists cost what writes do, time counts with the memory', () => {
  const series = (metric: string, value: number, labels = {}) => ({ metric: `sidecart_${metric}`, labels, value })
  const usage = usageOf(
    [
      series('active_ms_total', 4_000, { trigger: 'http' }),
      series('active_ms_total', 1_000, { trigger: 'clock' }),
      series('executions_total', 7, { trigger: 'http' }),
      series('request_units_total', 2.5, { trigger: 'none' }),
      series('storage_operations_total', 3, { service: 'blob', kind: 'read' }),
      series('storage_operations_total', 4, { service: 'blob', kind: 'write' }),
      series('storage_operations_total', 5, { service: 'blob', kind: 'list' }),
      series('storage_operations_total', 6, { service: 'queue', kind: 'write' }),
      series('hub_events_total', 8, { hub: 'interactions' }),
      series('log_bytes_total', 9, { level: 'info' }),
      series('lists_total', 10, { rung: 'personal' }),
      series('lists_total', 1, { rung: 'none' }),
    ],
    { memoryMb: 512 },
  )
  expect(usage).toEqual({
    gb_seconds: { http: 2, clock: 0.5 },
    executions: { http: 7 },
    request_units: { none: 2.5 },
    ...{ blob_reads: 3, blob_writes: 9, queue_operations: 6, hub_events: 8, log_bytes: 9, lists: 11 },
  })
})
