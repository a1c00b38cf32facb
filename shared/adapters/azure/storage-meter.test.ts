import { once } from 'node:events'
import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { memoryTelemetry } from '../memory/telemetry.ts'
import { StorageMeter } from './storage-meter.ts'

const server = createServer((_, response) => response.end())
let url: string
beforeAll(async () => {
  await once(server.listen(0, '127.0.0.1'), 'listening')
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/account`
})
afterAll(() => server.close())

async function ask(method: string, path: string): Promise<void> {
  const [response] = await once(request(`${url}${path}`, { method }).end(), 'response')
  await once(response.resume(), 'end')
}

test('requests to a storage account are counted by service and kind, those to others are not', async () => {
  const { telemetry, told } = memoryTelemetry()
  using meter = new StorageMeter(telemetry)
  await ask('GET', '/lake/a.json')
  expect(told.names()).toEqual(new Set())
  meter.count('blob', { url })
  await ask('GET', '/lake/a.json')
  await ask('HEAD', '/lake/a.json')
  await ask('PUT', '/lake/a.json?comp=block&blockid=1')
  await ask('GET', '/lake?restype=container&comp=list&prefix=a')
  await ask('GET', '/lake/a.json?comp=blocklist')
  const of = (kind: string) => told.valueOf('storage_operations_total', { service: 'blob', kind })
  expect([of('read'), of('write'), of('list')]).toEqual([3, 1, 1])
})

test('a meter that is put away counts no more', async () => {
  const { telemetry, told } = memoryTelemetry()
  {
    using meter = new StorageMeter(telemetry)
    meter.count('queue', { url })
  }
  await ask('POST', '/run-chunks/messages')
  expect(told.names()).toEqual(new Set())
})
