import { expect, test } from 'vitest'
import { countingEndpoint, guarded } from '../../../tests/guarded.ts'
import { memoryPorts } from '../../adapters/memory/ports.ts'
import { AppError } from '../../schemas/errors.ts'
import { observe } from './observe.ts'

const traceId = '0af7651916cd43dd8448eb211c80319c'
const traceparent = `00-${traceId}-b7ad6b7169203331-01`

test('answers are counted by group and class of status, and timed; refusals by what refused them', async () => {
  const ports = memoryPorts()
  const { told } = ports
  const refusing = (code: 'too_many_requests' | 'not_found') =>
    countingEndpoint({ group: 'users', run: () => Promise.reject(new AppError(code, 'No')) }).endpoint
  await guarded(countingEndpoint().endpoint, observe(ports))()
  await guarded(refusing('not_found'), observe(ports))()
  await guarded(refusing('too_many_requests'), observe(ports))()
  expect(told.valueOf('http_requests_total', { group: 'service', status: '2xx' })).toBe(1)
  expect(told.valueOf('http_requests_total', { group: 'users', status: '4xx' })).toBe(2)
  expect(told.valueOf('http_request_duration_ms', { group: 'users' })).toBe(2)
  expect(told.valueOf('refusals_total', { reason: '429' })).toBe(1)
})

test('what breaks on our side is counted as such', async () => {
  const ports = memoryPorts()
  const { endpoint } = countingEndpoint({ run: () => Promise.reject(new TypeError('a bug')) })
  await guarded(endpoint, observe(ports))()
  expect(ports.told.valueOf('http_requests_total', { group: 'service', status: '5xx' })).toBe(1)
})

test('an answer is given within the trace of its caller, and says so', async () => {
  const ports = memoryPorts()
  const { headers } = await guarded(countingEndpoint().endpoint, observe(ports))({ headers: { traceparent } })
  expect(headers.traceparent).toMatch(new RegExp(`^00-${traceId}-[0-9a-f]{16}-0[01]$`))
  expect(ports.told.spans).toEqual([{ name: 'count', parent: traceparent, traceparent: headers.traceparent }])
})

test.each(['anything', `00-${traceId.toUpperCase()}-b7ad6b7169203331-01`, `00-${'0'.repeat(32)}-b7ad6b7169203331-01`])(
  'a header that is no trace begins a new one: %s',
  async header => {
    const ports = memoryPorts()
    const { headers } = await guarded(countingEndpoint().endpoint, observe(ports))({ headers: { traceparent: header } })
    expect(headers.traceparent).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-0[01]$/)
    expect(headers.traceparent).not.toContain(header.slice(3, 35))
    expect(ports.told.spans[0]?.parent).toBeUndefined()
  },
)
