import { expect, test } from 'vitest'
import { stackArguments } from './stack-arguments.ts'

const given = (line: string) => stackArguments(line.split(' '))

test('a server has its usual port and a folder of its own in .local unless told', () => {
  expect(given('cosmos')).toMatchObject({
    name: 'cosmos',
    port: 8081,
    stateDir: '.local/cosmos',
    faultsPort: undefined,
  })
  expect(given('event-hubs')).toMatchObject({
    port: 5672,
    namespace: {
      hubs: [
        { name: 'interactions', partitions: 4 },
        { name: 'catalog-changes', partitions: 4 },
      ],
    },
  })
  expect(given('azurite --port 9 --state here')).toMatchObject({ port: 9, stateDir: 'here/azurite' })
})

test('hubs may be given more than once', () => {
  expect(given('event-hubs --hub one:2 --hub two:3:a,b')).toMatchObject({
    namespace: {
      hubs: [
        { name: 'one', partitions: 2, consumerGroups: ['$Default'] },
        { name: 'two', partitions: 3, consumerGroups: ['a', 'b'] },
      ],
    },
  })
})

test('a namespace is of the tier, retention and throughput it is told', () => {
  expect(given('event-hubs --tier standard --retention-hours 48 --throughput-units 2')).toMatchObject({
    namespace: { tier: 'standard', retentionHours: 48, throughputUnits: 2 },
  })
})

test('--help and no server at all are for the help', () => {
  expect(given('cosmos --help')).toEqual({ name: undefined, help: true })
  expect(stackArguments([])).toEqual({ name: undefined, help: false })
})

test.each([
  ['kafka', 'There is no server kafka: it must be cosmos, event-hubs or azurite'],
  ['cosmos azurite', 'One server starts at a time: current value is cosmos azurite'],
  ['cosmos --port many', '--port must be a port number from 0 to 65535: current value is many'],
  ['cosmos --port=-1', '--port must be a port number from 0 to 65535: current value is -1'],
  ['cosmos --port -1', "Option '--port' argument is ambiguous"],
  ['cosmos --port=', '--port must be a port number from 0 to 65535: current value is empty'],
  ['azurite --port 65535', '--port must be from 1 to 65533, as Azurite takes three: current value is 65535'],
  ['azurite --port 0', '--port must be from 1 to 65533, as Azurite takes three: current value is 0'],
  ['cosmos --faults-port 70000', '--faults-port must be a port number from 0 to 65535: current value is 70000'],
  ['cosmos --hub shop', '--hub is for event-hubs, not for cosmos: current value is shop'],
  [
    'event-hubs --hub shop:99',
    '--hub must be NAME:PARTITIONS:GROUP,... with 1 to 32 partitions: current value is shop:99',
  ],
  ['event-hubs --hub :2', '--hub must be NAME:PARTITIONS:GROUP,... with 1 to 32 partitions: current value is :2'],
  ['azurite --partitions 2', '--partitions is for cosmos, not for azurite: current value is 2'],
  ['cosmos --partitions 0', '--partitions must be from 1 to 256: current value is 0'],
  ['cosmos --state=', '--state must be a folder: current value is empty'],
  ['cosmos --colour blue', "Unknown option '--colour'"],
  ['cosmos --help=yes', "Option '--help' does not take an argument"],
])('%s is refused by field and value', (line, message) => {
  expect(() => given(line)).toThrow(message)
})
