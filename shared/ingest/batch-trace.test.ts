import { expect, test } from 'vitest'
import { memoryPorts } from '../adapters/memory/ports.ts'
import { type BatchTraces, inBatchTrace } from './batch-trace.ts'

const sentIn = (trace: number, span = 1) => ({
  traceparent: `00-${trace.toString(16).padStart(32, '0')}-${span.toString(16).padStart(16, '0')}-01`,
})

async function traced(events: { traceparent?: string }[]) {
  const { telemetry, told } = memoryPorts()
  const joined = await inBatchTrace('ingest', events, { telemetry, work: async (traces: BatchTraces) => traces })
  return { joined, span: told.spans[0] }
}

test('a batch whose events were all sent in one trace goes on with it', async () => {
  const { joined, span } = await traced([sentIn(7, 1), {}, sentIn(7, 2)])
  expect(joined).toEqual({})
  expect(span?.traceparent.split('-')[1]).toBe(sentIn(7).traceparent.split('-')[1])
})

test('a batch of two traces is in a third, and names both', async () => {
  const { joined, span } = await traced([sentIn(7), sentIn(8), sentIn(7)])
  const [seven, eight] = [7, 8].map(trace => sentIn(trace).traceparent.split('-')[1])
  expect(joined).toEqual({ traces: [seven, eight] })
  expect(span?.parent).toBeUndefined()
})

test('a batch of hundreds of traces names 32, and how many more there are', async () => {
  const { joined } = await traced(Array.from({ length: 300 }, (_, trace) => sentIn(trace + 1)))
  expect([joined.traces?.length, joined.traces_untold]).toEqual([32, 268])
})

test.each([[[]], [[{}, {}]], [[{ traceparent: 'anything' }]]])('a batch of no trace begins one: %j', async events => {
  const { joined, span } = await traced(events)
  expect([joined, span?.parent]).toEqual([{}, undefined])
})
