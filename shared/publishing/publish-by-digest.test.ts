import { describe, expect, test } from 'vitest'
import { interceptedPorts } from '../../tests/faulty-ports.ts'
import { publishAndFlip, publishRules, rule, rulesAt } from '../../tests/published-rules.ts'
import { memoryPorts } from '../adapters/memory/ports.ts'
import type { Ports } from '../ports.ts'
import { collections } from '../schemas/collections.ts'
import { listNames } from '../training/lists.ts'
import { readLivePointer } from './live-pointer.ts'
import { readPublishState } from './publish-state.ts'

const monthMs = 30 * 86_400_000

describe('what a digest knows to be published', () => {
  test('is neither written nor read again, while what changed and what is new is written', async () => {
    const ports = memoryPorts()
    await publishAndFlip(1, { pen: [rule('ink')], tea: [rule('cup')], jam: [] }, ports)
    const { asked, watched } = watchedPorts(ports)
    const next = { pen: [rule('pad')], tea: [rule('cup')], jam: [], cup: [rule('tea')] }
    expect(await publishAndFlip(2, next, watched)).toEqual({ written: 2, unchanged: 2, unread: 2 })
    expect(asked).toEqual({ read: 1, written: 2 })
    expect(await Promise.all(['pen', 'tea', 'jam', 'cup'].map(id => rulesAt(2, id, ports)))).toEqual([
      ...[[rule('pad')], [rule('cup')], undefined, [rule('tea')]],
    ])
    expect(await rulesAt(1, 'pen', ports)).toEqual([rule('ink')])
  })

  test('stays known when a run leaves it out of its lists', async () => {
    const ports = memoryPorts()
    await publishAndFlip(1, { pen: [rule('ink')], tea: [rule('cup')] }, ports)
    await publishAndFlip(2, { pen: [rule('pad')] }, ports)
    const { asked, watched } = watchedPorts(ports)
    await publishAndFlip(3, { pen: [rule('pad')], tea: [rule('cup')] }, watched)
    expect(asked).toEqual({ read: 0, written: 0 })
    expect(await rulesAt(3, 'tea', ports)).toEqual([rule('cup')])
  })

  test('is read once more after a generation that began to write and was given up, and put right', async () => {
    const ports = memoryPorts()
    await publishAndFlip(1, { pen: [rule('ink')], tea: [rule('cup')] }, ports)
    // Wrote into slots that nobody reads, and never ended.
    await publishRules(2, { pen: [rule('pad')], tea: [rule('cup')] }, ports)
    const third = await publishAndFlip(3, { pen: [rule('ink')], tea: [rule('cup')] }, ports)
    expect(third).toEqual({ written: 1, unchanged: 1, unread: 0 })
    expect(await rulesAt(3, 'pen', ports)).toEqual([rule('ink')])
    const fourth = await publishAndFlip(4, { pen: [rule('ink')], tea: [rule('cup')] }, ports)
    expect(fourth).toEqual({ written: 0, unchanged: 2, unread: 2 })
  })

  test('is read again when its digest is gone or is not what was stored', async () => {
    const ports = memoryPorts()
    const lists = { pen: [rule('ink')] }
    await publishAndFlip(1, lists, ports)
    await ports.blobs.remove('models/digests/1/itemRules.bin')
    expect(await publishAndFlip(2, lists, ports)).toEqual({ written: 0, unchanged: 1, unread: 0 })
    await ports.blobs.write('models/digests/2/itemRules.bin', Buffer.from('scribbles'))
    expect(await publishAndFlip(3, lists, ports)).toEqual({ written: 0, unchanged: 1, unread: 0 })
    expect(ports.logged).toMatchObject([{ error: 'is gone' }, { error: 'is gone' }, {}, {}])
  })

  test('is read again after some days, and a document that somebody removed is made anew', async () => {
    const ports = memoryPorts()
    const lists = { pen: [rule('ink')] }
    await publishAndFlip(1, lists, ports)
    const emptied = await withoutRules(ports)
    expect(await publishAndFlip(2, lists, emptied)).toMatchObject({ written: 0, unread: 1 })
    expect(await publishAndFlip(3, lists, emptied, monthMs)).toMatchObject({ written: 1, unread: 0 })
    expect(await rulesAt(3, 'pen', emptied)).toEqual([rule('ink')])
  })

  test('keeps one digest a list, whatever was published', async () => {
    const ports = memoryPorts()
    for (let token = 1; token <= 3; token++) await publishAndFlip(token, { pen: [rule(`ink-${token}`)] }, ports)
    const paths = (await Array.fromAsync(ports.blobs.list('models/digests/'))).map(({ path }) => path)
    expect(paths).toEqual(listNames.map(name => `models/digests/3/${name}.bin`).sort())
  })
})

/** Ports that count how many rules were read, and how many written. */
function watchedPorts(ports: Ports): { asked: { read: number; written: number }; watched: Ports } {
  const asked = { read: 0, written: 0 }
  const watched = interceptedPorts(ports, async (operation, name) => {
    const answer = await operation()
    const some = Array.isArray(answer) ? answer.length : 0
    if (name === 'documents.readAll assoc_rules') asked.read += some
    if (name === 'documents.writeAll assoc_rules') asked.written += some
    return answer
  })
  return { asked, watched }
}

/** Another store that knows what was published, but lost the rules themselves. */
async function withoutRules(ports: Ports): Promise<Ports> {
  const { documents } = memoryPorts()
  const [live, state] = [await readLivePointer(ports.documents), await readPublishState(ports.documents)]
  if (live) await documents.upsert(collections.livePointer, live)
  if (state) await documents.upsert(collections.publishState, state)
  return { ...ports, documents }
}
