import fc from 'fast-check'
import { expect, test } from 'vitest'
import { interceptedPorts, WorkerStruck } from '../../tests/faulty-ports.ts'
import { flipTo, publishAndFlip, publishRules, type Rules, rule, rulesAt } from '../../tests/published-rules.ts'
import { memoryPorts } from '../adapters/memory/ports.ts'
import type { RuleTail } from '../schemas/published.ts'
import { readLivePointer } from './live-pointer.ts'
import { rollBack } from './roll-back.ts'

const asOf = (generation: number) => ({
  ...{ generation, model_version: `v${generation}`, generated_at: '2026-01-01T00:00:00.000Z', data_until: 0 },
})

test('a rollback makes the generation before live again, once, and tells when it was', async () => {
  const ports = memoryPorts()
  await publishAndFlip(1, { pen: [rule('ink')] }, ports)
  await publishAndFlip(2, { pen: [rule('pad')] }, ports)
  const live = {
    ...{ id: 'live', ...asOf(1) },
    rolled_back: { generation: 2, model_version: 'v2', at: '2026-01-01T00:00:00.000Z' },
  }
  expect(await rollBack({ from: 'v2' }, ports)).toEqual({ live, rolledBack: true })
  expect(await rulesAt(1, 'pen', ports)).toEqual([rule('ink')])
  expect(await rollBack({ from: 'v2' }, ports)).toEqual({ live, rolledBack: false })
  expect(await rollBack({}, ports)).toEqual({ live, rolledBack: false })
  expect(await readLivePointer(ports.documents)).toEqual(live)
})

test('a generation that was taken back is not made live again by a late worker, and the next refresh is', async () => {
  const ports = memoryPorts()
  await publishAndFlip(1, { pen: [rule('ink')] }, ports)
  await publishAndFlip(2, { pen: [rule('pad')] }, ports)
  await rollBack({}, ports)
  expect(await flipTo(2, ports)).toBe(true)
  expect((await readLivePointer(ports.documents))?.generation).toBe(1)

  // The third says what the second said: it is there already.
  expect(await publishAndFlip(3, { pen: [rule('pad')] }, ports)).toMatchObject({ written: 0, unread: 1 })
  expect(await readLivePointer(ports.documents)).toEqual({ id: 'live', ...asOf(3), previous: asOf(1) })
  expect(await rulesAt(3, 'pen', ports)).toEqual([rule('pad')])
  await rollBack({}, ports)
  expect((await readLivePointer(ports.documents))?.generation).toBe(1)
  expect(await rulesAt(1, 'pen', ports)).toEqual([rule('ink')])
})

test('what cannot be rolled back is refused with the reason', async () => {
  const ports = memoryPorts()
  await expect(rollBack({}, ports)).rejects.toThrow('Nothing was published yet')
  await publishAndFlip(1, { pen: [rule('ink')] }, ports)
  await expect(rollBack({}, ports)).rejects.toThrow('from model v1: it is the first one published')
  await publishAndFlip(2, { pen: [rule('pad')] }, ports)
  await expect(rollBack({ from: 'v1' }, ports)).rejects.toThrow('Model v1 is not live, but v2')
  await publishRules(3, { pen: [rule('cup')] }, ports)
  await expect(rollBack({}, ports)).rejects.toThrow('generation 3 is being written over the one before')
})

test('readers of the live generation see its lists after every write, and the next ones see theirs, whatever is given up, lost or rolled back', async () => {
  const values = fc.record({ pen: rules, tea: rules, jam: rules }, { requiredKeys: [] })
  const step = fc.record({
    type: fc.constantFrom('publish', 'give up', 'lose digest', 'roll back'),
    values,
    after: fc.nat(16),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 12 }), async steps => {
      const shop = new RulesShop()
      for (const { type, values, after } of steps) await shop.take(type, values, after)
    }),
    { numRuns: 150 },
  )
})

const rules = fc.constantFrom<RuleTail[]>([], [rule('ink')], [rule('cup')])

/** Publishes, gives up and goes back, beside a plain copy of what readers of each generation must see. */
class RulesShop {
  readonly #ports = memoryPorts()
  readonly #seen = new Map<number, Rules>([[0, {}]])
  #token = 0

  async take(type: string, values: Rules, after: number): Promise<void> {
    if (type === 'roll back') await rollBack({}, this.#ports).catch(expectNothingToGoBackTo)
    else if (type === 'lose digest') await this.#ports.blobs.remove(`models/digests/${this.#token}/itemRules.bin`)
    else await this.#publish(values, type === 'give up' ? after : undefined)
    await this.#check()
  }

  async #publish(values: Rules, givenUpAfter: number | undefined): Promise<void> {
    this.#token += 1
    let operations = 0
    const checked = interceptedPorts(this.#ports, async (operation, name) => {
      if (!name.startsWith('documents.')) return operation()
      operations += 1
      if (operations > (givenUpAfter ?? Number.POSITIVE_INFINITY)) throw new WorkerStruck('given up')
      const answer = await operation()
      await this.#check()
      return answer
    })
    // What readers see next is what they see of the newest generation, with the new values over it.
    this.#seen.set(this.#token, { ...this.#seen.get(await this.#live()), ...values })
    const whole = Object.fromEntries(['pen', 'tea', 'jam'].map(id => [id, this.#seen.get(this.#token)?.[id] ?? []]))
    this.#seen.set(this.#token, whole)
    try {
      await publishAndFlip(this.#token, whole, checked)
    } catch (cause) {
      if (!(cause instanceof WorkerStruck)) throw cause
    }
  }

  async #live(): Promise<number> {
    return (await readLivePointer(this.#ports.documents))?.generation ?? 0
  }

  async #check(): Promise<void> {
    const live = await this.#live()
    for (const id of ['pen', 'tea', 'jam']) {
      expect((await rulesAt(live, id, this.#ports)) ?? []).toEqual(this.#seen.get(live)?.[id] ?? [])
    }
  }
}

function expectNothingToGoBackTo(cause: unknown): void {
  expect(cause).toMatchObject({ code: 'nothing_to_roll_back' })
}
