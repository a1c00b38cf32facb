import { expect, test } from 'vitest'
import { anEvent, deliveredFrom, noon } from '../../../tests/events.ts'
import { faultyPorts, interceptedPorts } from '../../../tests/faulty-ports.ts'
import { type MemoryPorts, memoryPorts } from '../../adapters/memory/ports.ts'
import { bindInputs } from '../../lake/build/bind-inputs.ts'
import { readSnapshot } from '../../lake/delta/snapshot.ts'
import { bronzeInteractions } from '../../lake/tables/bronze-tables.ts'
import type { Ports } from '../../ports.ts'
import { foldSegments } from './fold-segments.ts'
import { writeSegment } from './write-segment.ts'

const of = { hub: 'interactions', table: bronzeInteractions, column: 'event' }
const events = (from: number, to: number) =>
  deliveredFrom(
    from,
    Array.from({ length: to - from + 1 }, (_, index) => anEvent(from + index)),
  )
const deliver = (partition: string, from: number, to: number, ports: Ports) =>
  writeSegment('interactions', { partition, events: events(from, to) }, ports)

async function rows(ports: Ports, columns = '_source, _row') {
  await using session = await ports.sql.open()
  await bindInputs([{ table: bronzeInteractions }], session, ports)
  return await session.rows(`select ${columns} from bronze_interactions order by _source, _row`)
}
const places = async (ports: Ports) => (await rows(ports)).map(({ _source, _row }) => `${_source}#${_row}`)
const left = async ({ blobs }: Ports) =>
  (await Array.fromAsync(blobs.list('bronze/_segments/'))).map(({ path }) => path.split('/').at(-1))

test('an event stands in bronze as it came, to the letter, with its place and the hash of its text', async () => {
  const ports: MemoryPorts = memoryPorts({ now: noon })
  const body = anEvent(7, { note: 'café "event":{} \n', big: 1e21, tiny: 1.5e-7 })
  await writeSegment('interactions', { partition: '1', events: deliveredFrom(7, [body]) }, ports)
  expect(await foldSegments(of, ports)).toEqual({ segments: 1, commits: 1, rows: 1 })
  const text = JSON.stringify(body)
  expect(await rows(ports, '*')).toEqual([
    {
      ...{ event: text, _partition: '1', _sequence_number: 7, _enqueued_at: '2026-01-01T12:01:00.000Z' },
      ...{ _ingested_at: '2026-01-01T12:00:00.000Z', _ingested_on: '2026-01-01', _batch_id: '1-7' },
      ...{ _row_hash: ports.sha256(text).slice(0, 16), _source: 'interactions/1', _row: 7, schemaVersion: 1 },
    },
  ])
  expect(await left(ports)).toEqual([])
})

test('what was delivered again, in whatever cut and whenever, stands in bronze once', async () => {
  const ports = memoryPorts({ now: noon })
  await deliver('0', 41, 44, ports)
  await deliver('0', 43, 47, ports)
  await deliver('0', 41, 42, ports)
  await deliver('10', 1, 2, ports)
  expect(await foldSegments(of, ports)).toEqual({ segments: 4, commits: 1, rows: 9 })
  await deliver('0', 41, 44, ports)
  await deliver('0', 46, 48, ports)
  expect(await foldSegments(of, ports)).toEqual({ segments: 2, commits: 1, rows: 1 })
  const expected = [41, 42, 43, 44, 45, 46, 47, 48].map(place => `interactions/0#${place}`)
  expect(await places(ports)).toEqual([...expected, 'interactions/10#1', 'interactions/10#2'])
  await deliver('0', 41, 48, ports)
  expect(await foldSegments(of, ports)).toEqual({ segments: 1, commits: 0, rows: 0 })
  expect(await left(ports)).toEqual([])
})

test('a version tells which sequence numbers of which partition are new in it', async () => {
  const ports = memoryPorts({ now: noon })
  await deliver('0', 1, 3, ports)
  await foldSegments(of, ports, { runId: 'r1' })
  await deliver('0', 4, 5, ports)
  await deliver('1', 1, 1, ports)
  await foldSegments(of, ports, { runId: 'r2' })
  const path = `bronze/_lineage/interactions/${'1'.padStart(20, '0')}.json`
  expect(JSON.parse(new TextDecoder().decode(await ports.blobs.read(path)))).toMatchObject({
    ...{ table: 'bronze/interactions', version: 1, run_id: 'r2', rows_in: 3, rows_out: 3, rejected: 0 },
    inputs: [
      { table: 'segments/interactions/0', from: 3, to: 5 },
      { table: 'segments/interactions/1', to: 1 },
    ],
  })
})

test('nothing new leaves the table at its version', async () => {
  const ports = memoryPorts({ now: noon })
  expect(await foldSegments(of, ports)).toEqual({ segments: 0, commits: 0, rows: 0 })
  expect(await readSnapshot(bronzeInteractions.path, ports)).toBeUndefined()
})

test('a large backlog goes in by several commits', async () => {
  const ports = memoryPorts({ now: noon })
  for (let from = 1; from <= 40; from += 4) await deliver('0', from, from + 3, ports)
  const { commits, rows: folded } = await foldSegments(of, ports, { bytesMax: 4_000 })
  expect([commits > 2, folded]).toEqual([true, 40])
  expect((await places(ports)).length).toBe(40)
})

/** Two partitions, one of them delivered twice in part, folded in two commits. */
async function someSegments() {
  const ports = memoryPorts({ now: noon })
  await deliver('0', 1, 3, ports)
  await deliver('0', 3, 5, ports)
  await deliver('1', 1, 2, ports)
  return ports
}
const bytesMax = 1500
const allPlaces = [1, 2, 3, 4, 5].map(place => `interactions/0#${place}`).concat('interactions/1#1', 'interactions/1#2')

test('a worker that dies at any operation leaves nothing lost and nothing doubled', async () => {
  const whole = faultyPorts(await someSegments(), { at: Number.POSITIVE_INFINITY, loses: 'effect', worker: 'alive' })
  expect((await foldSegments(of, whole.ports, { bytesMax })).commits).toBe(2)
  for (const loses of ['effect', 'answer'] as const) {
    for (let at = 1; at <= whole.operations(); at++) {
      const ports = await someSegments()
      const mortal = faultyPorts(ports, { at, loses, worker: 'dead' })
      await foldSegments(of, mortal.ports, { bytesMax }).catch(() => undefined)
      // The hub delivers again what its checkpoint had not passed.
      await deliver('0', 3, 6, ports)
      await foldSegments(of, ports)
      expect(await places(ports), `struck at ${at}`).toEqual(allPlaces.toSpliced(5, 0, 'interactions/0#6'))
      expect(await left(ports)).toEqual([])
    }
  }
})

test('two that fold at the same time, however they take turns, fold each event once', async () => {
  for (let pause = 1; pause <= 20; pause++) {
    const ports = await someSegments()
    let operations = 0
    const slow = interceptedPorts(ports, async operation => {
      operations += 1
      // The other is done from start to end meanwhile.
      if (operations === pause) await foldSegments(of, ports)
      return await operation()
    })
    await foldSegments(of, slow, { bytesMax })
    expect(await places(ports), `overtaken at ${pause}`).toEqual(allPlaces)
    expect(await left(ports)).toEqual([])
  }
})

test('a segment that a listing passed by is not overtaken by a later one of its partition', async () => {
  const ports = memoryPorts({ now: noon })
  await deliver('0', 1, 2, ports)
  let looks = 0
  const blobs = {
    ...ports.blobs,
    async *list(prefix: string) {
      looks += 1
      const found = await Array.fromAsync(ports.blobs.list(prefix))
      // While the first look is on its way, two more segments come: the look meets the second alone.
      if (looks === 1) {
        await deliver('0', 3, 4, ports)
        await deliver('0', 5, 6, ports)
        const [last] = (await Array.fromAsync(ports.blobs.list(prefix))).slice(-1)
        if (last) found.push(last)
      }
      yield* found
    },
  }
  await foldSegments(of, { ...ports, blobs })
  expect(await places(ports)).toEqual([1, 2, 3, 4, 5, 6].map(place => `interactions/0#${place}`))
})
