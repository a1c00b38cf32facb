import { expect, test } from 'vitest'
import { access } from '../shared/api/access.ts'
import { observe } from '../shared/api/guards/observe.ts'
import { handler } from '../shared/api/handle.ts'
import { postInteractions } from '../shared/api/routes/interactions.ts'
import { triggerJob } from '../shared/api/routes/jobs.ts'
import { CounterWriter } from '../shared/ingest/counter-writer.ts'
import { ingestBatch } from '../shared/ingest/ingest-batch.ts'
import { ProfileWriter } from '../shared/ingest/profile-writer.ts'
import { apiRequest } from './api-request.ts'
import { checkerboardShop, jobs, runJob, workOff } from './memory-shop.ts'

const traceId = '0af7651916cd43dd8448eb211c80319c'
const traceparent = `00-${traceId}-b7ad6b7169203331-01`

test('from request to event hub to run to published lists there is one trace, and figures of every step', async () => {
  const ports = await checkerboardShop()
  await runJob('lake', ports)
  ports.told.spans.length = 0
  const ask = (endpoint: Parameters<typeof handler>[0], body: unknown) =>
    handler(
      { ...endpoint, access: access.anyone },
      [observe(ports)],
      ports.log,
    )(apiRequest({ method: 'POST', headers: { traceparent }, body }))

  const event = { user_id: 'u1', event_type: 'view', item_id: 'i3' }
  expect(await ask(postInteractions({ ports }), event)).toMatchObject({ status: 202 })
  // As the adapter of the event hubs sends it: the span at hand, with each event.
  const sent = { traceparent: ports.told.spans.at(-1)?.traceparent }
  const enqueuedAt = new Date(ports.clock()).toISOString()
  const events = ports.appended.map(({ body }, sequenceNumber) => ({ sequenceNumber, enqueuedAt, body, ...sent }))
  const writers = { profiles: new ProfileWriter(), counters: new CounterWriter({ halfLifeMs: 1e9 }) }
  await ingestBatch({ partition: '0', events }, writers, ports)

  expect(await ask(triggerJob({ ports, jobs }), { job: 'refresh' })).toMatchObject({ status: 202 })
  await workOff(ports)

  const names = ports.told.spans.map(({ name }) => name)
  expect(names).toEqual(expect.arrayContaining(['interactions', 'ingest', 'start refresh', 'refresh publish']))
  expect(names).toContain('refresh activate')
  expect(new Set(ports.told.spans.map(({ traceparent: of }) => of.split('-')[1]))).toEqual(new Set([traceId]))
  expect(ports.logged.map(({ event }) => event)).toEqual(expect.arrayContaining(['published', 'run_completed']))
  expect([...ports.told.names()]).toEqual(
    expect.arrayContaining([
      ...['http_requests_total', 'http_request_duration_ms', 'events_total', 'ingest_lag_ms', 'runs_total'],
      ...['run_duration_ms', 'chunks_total', 'published_age_seconds', 'data_quality_ratio'],
    ]),
  )
})
