import { expect, test } from 'vitest'
import { memoryPorts } from '../adapters/memory/ports.ts'
import { flipLivePointer } from '../publishing/live-pointer.ts'
import { heartbeat } from './heartbeat.ts'

const noon = Date.UTC(2026, 0, 1, 12)

test('the app tells once an hour how old its lists are, and before there are any that it is alive', async () => {
  const ports = memoryPorts({ now: noon })
  const beat = heartbeat()
  await beat(ports)
  expect(ports.logged).toEqual([{ level: 'info', event: 'heartbeat', stage: 'clock' }])
  await flipLivePointer(
    { generation: 1, model_version: 'v1', generated_at: new Date(noon).toISOString(), data_until: noon },
    ports.documents,
  )
  ports.advance(59 * 60_000)
  await beat(ports)
  expect(ports.logged).toHaveLength(1)
  ports.advance(60_000)
  await beat(ports)
  expect(ports.logged[1]).toMatchObject({ event: 'heartbeat', model_version: 'v1', published_age_seconds: 3_600 })
  expect(ports.told.valueOf('published_age_seconds')).toBe(3_600)
})

test('a heartbeat that failed is given again', async () => {
  const ports = memoryPorts({ now: noon })
  const beat = heartbeat()
  const away = { ...ports.documents, read: () => Promise.reject(new Error('away')) }
  await expect(beat({ ...ports, documents: away })).rejects.toThrow('away')
  await beat(ports)
  expect(ports.logged).toHaveLength(1)
})
