import rhea from 'rhea'
import { describe, expect, onTestFinished, test } from 'vitest'
import { startEventHubs } from './broker.ts'
import { hubs, temporaryBroker, temporaryDir } from './broker-fixture.ts'
import { bodies, consumerOf, producerOf, receive } from './contract/clients.ts'
import { requests } from './contract/raw.ts'

const hub = 'interactions'
const twoGroups = [{ name: hub, partitions: 2, consumerGroups: ['$Default', 'second'] }]

describe('tiers', () => {
  test('basic is the tier where nothing is said: 256 KB, and $Default alone', async () => {
    const { connectionString } = await temporaryBroker()
    expect((await producerOf({ connectionString, hub }).createBatch()).maxSizeInBytes).toBe(262_144)
  })

  test('a hub with more groups than basic allows is refused, naming hub, groups and tier', async () => {
    for (const consumerGroups of [['$Default', 'second'], ['second']]) {
      await expect(refused({ hubs: [{ name: hub, partitions: 2, consumerGroups }] })).resolves.toBe(
        'Hub interactions has 2 consumer groups ($Default, second), but the basic tier allows 1',
      )
    }
  })

  test('standard takes 1 MB, and groups that read each on their own', async () => {
    const { connectionString } = await temporaryBroker({ tier: 'standard', hubs: twoGroups })
    const producer = producerOf({ connectionString, hub })
    expect((await producer.createBatch()).maxSizeInBytes).toBe(1_048_576)
    await producer.sendBatch([{ body: Buffer.alloc(1_000_000) }, { body: 'small' }], { partitionId: '0' })
    for (const group of ['$Default', 'second', 'SECOND']) {
      const events = await receive(consumerOf({ connectionString, hub }, group), { from: { offset: '-1' }, count: 2 })
      expect(events[1]?.body).toBe('small')
    }
  })

  test('an owner level holds within its consumer group', async () => {
    const { connectionString } = await temporaryBroker({ tier: 'standard', hubs: twoGroups })
    await producerOf({ connectionString, hub }).sendBatch([{ body: 'event' }], { partitionId: '0' })
    const from = { offset: '-1' }
    const first = consumerOf({ connectionString, hub })
    const subscription = first.subscribe(
      '0',
      { processEvents: async () => undefined, processError: async () => undefined },
      { startPosition: from, ownerLevel: 9 },
    )
    onTestFinished(() => subscription.close())
    const second = consumerOf({ connectionString, hub }, 'second')
    expect(bodies(await receive(second, { from, count: 1, ownerLevel: 1 }))).toEqual(['event'])
  })

  test('20 groups are the most standard allows, $Default among them', async () => {
    const groups = (count: number) => Array.from({ length: count }, (_, i) => `group-${i}`)
    const hubWith = (consumerGroups: string[]) => [{ name: hub, partitions: 1, consumerGroups }]
    expect(await refused({ tier: 'standard', hubs: hubWith(groups(20)) })).toMatch(
      /^Hub interactions has 21 consumer groups .* but the standard tier allows 20$/,
    )
    await temporaryBroker({ tier: 'standard', hubs: hubWith(groups(19)) })
  })

  test('a state with more groups than the tier allows is refused and kept for a tier that does', async () => {
    const stateDir = await temporaryDir()
    await (await startEventHubs({ port: 0, stateDir, hubs: twoGroups, tier: 'standard' })).close()
    const reason = 'Hub interactions has 2 consumer groups ($Default, second), but the basic tier allows 1'
    await expect(startEventHubs({ port: 0, stateDir, hubs })).rejects.toThrow(reason)
    await (await startEventHubs({ port: 0, stateDir, hubs, tier: 'standard' })).close()
  })

  test('a refused hub leaves nothing behind', async () => {
    const stateDir = await temporaryDir()
    await expect(startEventHubs({ port: 0, stateDir, hubs: twoGroups })).rejects.toThrow('basic tier')
    await (await startEventHubs({ port: 0, stateDir, hubs })).close()
  })

  test('retention is whole hours up to a day in basic and a week in standard', async () => {
    for (const retentionHours of [0, 0.5, 25, -1]) {
      expect(await refused({ retentionHours })).toBe(
        `Retention in the basic tier must be 1 to 24 whole hours: current value is ${retentionHours}`,
      )
    }
    expect(await refused({ tier: 'standard', retentionHours: 169 })).toContain('1 to 168 whole hours')
    await temporaryBroker({ tier: 'standard', retentionHours: 168 })
  })

  test('the 101st connection is refused in basic, and one more is let in when one leaves', async () => {
    const { port } = await temporaryBroker()
    const hundred = Array.from({ length: 100 }, () => open(port))
    await Promise.all(hundred.map(({ outcome }) => outcome))
    expect(await open(port).outcome).toBe('amqp:resource-limit-exceeded')
    const [first] = hundred
    first?.connection.close()
    const outcomes = new Set<string>()
    // The broker has let go of a connection a moment after its client.
    while (!outcomes.has('opened')) outcomes.add(await open(port).outcome)
    expect([...outcomes].filter(outcome => outcome !== 'amqp:resource-limit-exceeded')).toEqual(['opened'])
  })
})

describe('hubs', () => {
  test('a name Azure would not have is refused, of a hub or of a consumer group', async () => {
    for (const name of ['', '-orders', 'orders.', 'two words', 'a/b', 'o'.repeat(257)]) {
      expect(await refused({ hubs: [{ name, partitions: 1, consumerGroups: [] }] })).toContain(
        `The hub name "${name}" must be 1 to 256 letters, digits`,
      )
    }
    for (const group of ['', '$Other', 'g'.repeat(51)]) {
      const named = [{ name: hub, partitions: 1, consumerGroups: [group] }]
      expect(await refused({ tier: 'standard', hubs: named })).toContain(
        `The consumer group name "${group}" of hub interactions must be 1 to 50 letters, digits`,
      )
    }
    await temporaryBroker({ hubs: [{ name: 'Shop_1.orders-eu', partitions: 1, consumerGroups: ['$default'] }] })
  })

  test('1 to 32 partitions and ten hubs are what a namespace takes', async () => {
    for (const partitions of [0, 33, 1.5]) {
      expect(await refused({ hubs: [{ name: hub, partitions, consumerGroups: [] }] })).toBe(
        `Hub interactions must have 1 to 32 partitions: partitions is ${partitions}`,
      )
    }
    const many = Array.from({ length: 11 }, (_, i) => ({ name: `hub-${i}`, partitions: 1, consumerGroups: [] }))
    expect(await refused({ hubs: many })).toContain('at most 10 hubs: these are 11')
  })

  test('several hubs keep their events apart', async () => {
    const named = (name: string) => ({ name, partitions: 1, consumerGroups: ['$Default'] })
    const { connectionString } = await temporaryBroker({ hubs: [named('orders'), named('clicks')] })
    for (const each of ['orders', 'clicks']) {
      await producerOf({ connectionString, hub: each }).sendBatch([{ body: each }])
    }
    for (const each of ['orders', 'clicks']) {
      const consumer = consumerOf({ connectionString, hub: each })
      expect(bodies(await receive(consumer, { from: { offset: '-1' }, count: 1 }))).toEqual([each])
    }
  })
})

/** The message with which a broker with these options does not start. */
async function refused(options: Parameters<typeof temporaryBroker>[0]): Promise<string> {
  const stateDir = await temporaryDir()
  const start = startEventHubs({ port: 0, stateDir, hubs, ...options })
  return start.then(
    broker => broker.close().then(() => 'it started'),
    error => (error instanceof RangeError ? error.message : `not a RangeError: ${error}`),
  )
}

/** A connection, and `opened` or the condition with which the broker closes it. */
function open(port: number) {
  const connection = rhea.create_container().connect({ host: '127.0.0.1', port, reconnect: false } as never)
  onTestFinished(() => connection.close())
  const outcome = Promise.withResolvers<string>()
  connection.on('disconnected', () => undefined)
  connection.on('connection_error', () => {
    const { error } = connection
    outcome.resolve(error !== undefined && 'condition' in error ? String(error.condition) : 'no condition')
  })
  const answered = requests(connection, '$cbs')({ application_properties: { operation: 'nothing' } })
  answered.then(() => outcome.resolve('opened'))
  return { connection, outcome: outcome.promise }
}
