import { describe, expect, test } from 'vitest'
import { planOutputs } from './output-plan.ts'

const settings = { AzureWebJobsStorage: 'UseDevelopmentStorage=true', HUBS: 'Endpoint=sb://x', NAME: 'orders' }
const http = { t: { type: 'httpTrigger', direction: 'in' } }
const plan = (binding: { type: string; [key: string]: unknown }) =>
  planOutputs('f', { ...http, o: { direction: 'out', ...binding } }, settings)

describe('planOutputs()', () => {
  test('resolves settings and connections and keeps expressions for later', () => {
    expect(plan({ type: 'queue', queueName: '%NAME%-{id}' })).toMatchObject([
      { name: 'o', type: 'queue', queueName: ['orders-', { path: ['id'] }], connection: 'UseDevelopmentStorage=true' },
    ])
    expect(plan({ type: 'blob', path: '/in/a/{rand-guid:N}.txt' })).toMatchObject([
      { container: ['in'], blob: ['a/', { builtIn: 'rand-guid', format: 'N' }, '.txt'] },
    ])
    expect(plan({ type: 'eventHub', eventHubName: 'events', connection: 'HUBS' })).toMatchObject([
      { type: 'eventHub', eventHubName: ['events'], connection: 'Endpoint=sb://x' },
    ])
  })
  test.each([
    [{ type: 'table' }, 'Function "f" has an output the local host cannot run: table'],
    [{ type: 'blob', direction: 'in' }, 'Function "f" has an input binding, which the local host cannot run: blob'],
    [{ type: 'queue' }, 'queueName of output "o" of function "f" must be a text: current value is undefined'],
    [{ type: 'queue', queueName: ' ' }, 'queueName of output "o" of function "f" must not be empty'],
    [{ type: 'queue', queueName: 'q', connection: 'X' }, 'output "o" of function "f" needs the setting "X"'],
    [{ type: 'blob', path: 'container' }, 'path of output "o" of function "f" must be "container/blob"'],
    [{ type: 'blob', path: 'c/{id' }, 'has an unbalanced "{": current value is "{id"'],
    [{ type: 'blob', path: 'c/{a-b}' }, 'has an expression with an invalid name {a-b}'],
    [{ type: 'blob', path: 'c/{id:N}' }, 'may have a format only behind {DateTime} and {rand-guid}'],
    [{ type: 'eventHub', eventHubName: 'h' }, 'connection of output "o" of function "f" must be a text'],
  ])('refuses %j', (binding, why) => {
    expect(() => plan(binding)).toThrow(why)
  })
  test('refuses an HTTP answer where there is no request', () => {
    const timer = { t: { type: 'timerTrigger' }, $return: { type: 'http', direction: 'out' } }
    expect(() => planOutputs('f', timer, settings)).toThrow('"$return" of function "f" is of type http')
  })
})
