import { describe, expect, test } from 'vitest'
import type { HostConfig } from '../settings/host-json.ts'
import { planFunctions } from './plan.ts'

const config = { routePrefix: 'api', only: undefined } as HostConfig
const plan = (name: string, trigger: { type: string; [key: string]: unknown }, settings: Record<string, string> = {}) =>
  planFunctions([{ name, bindings: { trigger } }], settings, config)

describe('planFunctions()', () => {
  test('puts all HTTP functions into one scale group and every other function into its own, by name', () => {
    const registrations = [
      { name: 'zeta', bindings: { t: { type: 'httpTrigger', methods: ['GET'] } } },
      { name: 'Alpha', bindings: { t: { type: 'httpTrigger', route: 'x', methods: ['post'] } } },
      { name: 'nightly', bindings: { t: { type: 'timerTrigger', schedule: '0 0 3 * * *' } } },
    ]
    expect(planFunctions(registrations, {}, config)).toMatchObject([
      { name: 'Alpha', scaleGroup: 'http', route: 'api/x', methods: ['POST'] },
      { name: 'nightly', scaleGroup: 'nightly', useMonitor: true },
      { name: 'zeta', scaleGroup: 'http', route: 'api/zeta' },
    ])
  })
  test('resolves %NAME% and connections from the settings', () => {
    const settings = { QUEUE: 'Orders', Store: 'connection' }
    expect(plan('f', { type: 'queueTrigger', queueName: '%QUEUE%-in', connection: 'Store' }, settings)).toMatchObject([
      { queueName: 'orders-in', connection: 'connection' },
    ])
  })
  test('names a missing setting', () => {
    expect(() => plan('f', { type: 'timerTrigger', schedule: '%WHEN%' })).toThrow(
      'schedule of function "f" needs the setting "WHEN" (as %WHEN%), which is missing',
    )
    expect(() => plan('f', { type: 'eventHubTrigger', eventHubName: 'h', connection: 'HUB' })).toThrow('setting "HUB"')
  })
  test('leaves out disabled functions', () => {
    const disabled = { 'AzureWebJobs.f.Disabled': 'true' }
    expect(plan('f', { type: 'httpTrigger' }, disabled)).toEqual([])
  })
  test('refuses what it cannot run instead of ignoring it', () => {
    expect(() => plan('f', { type: 'blobTrigger' })).toThrow(
      'Function "f" has a trigger the local host cannot run: blobTrigger',
    )
    expect(() => plan('f', { type: 'timerTrigger', schedule: 'soon' })).toThrow('six fields')
  })
})
