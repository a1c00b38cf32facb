import { expect, test } from 'vitest'
import { anEvent } from '../../tests/events.ts'
import { memoryPorts } from '../adapters/memory/ports.ts'
import { namesOf } from '../algorithms/name-list.ts'
import type { Ports } from '../ports.ts'
import type { StageContext } from '../runs/stage.ts'
import { bronzeChunks } from './bronze-chunks.ts'
import { decodeFeedback } from './feedback-columns.ts'
import { interactionsStage } from './interactions-stage.ts'

const bronze = (userId: string) => Buffer.from(`${JSON.stringify({ event: anEvent(1, { user_id: userId }) })}\n`)
const file = 'bronze/_segments/interactions/date=2026-01-01/0-1.ndjson'

/** Runs the stage as run `runId`, its plan made first; gives users by file and how many files were read. */
async function run(runId: string, ports: Ports, meanwhile = async () => undefined as unknown) {
  const context: StageContext = {
    ...{ runId, token: 1, createdAt: new Date(0).toISOString(), ports },
    ...{ progress: async () => undefined, note: () => undefined },
  }
  const chunks = await interactionsStage.plan(context)
  await meanwhile()
  let read = 0
  for (const chunk of chunks) read += (await interactionsStage.run(chunk, context)).files_read ?? 0
  const users: string[][] = []
  for await (const { path } of ports.blobs.list(`runs/${runId}/feedback/`)) {
    users.push(namesOf(decodeFeedback((await ports.blobs.read(path)) ?? new Uint8Array()).users))
  }
  return { read, users }
}

test('what a run made of bronze is taken over by the next while the files are the same', async () => {
  const ports = memoryPorts()
  await ports.blobs.write(file, bronze('anna'))
  expect(await run('r1', ports)).toEqual({ read: 1, users: [['anna']] })
  expect(await run('r2', ports)).toEqual({ read: 0, users: [['anna']] })
})

test('a file that changed, at the same size, and a file that is new are read', async () => {
  const ports = memoryPorts()
  await ports.blobs.write(file, bronze('anna'))
  await run('r1', ports)
  await ports.blobs.write(file, bronze('hans'))
  expect(await run('r2', ports)).toEqual({ read: 1, users: [['hans']] })
  await ports.blobs.write('bronze/_segments/interactions/date=2026-01-02/0-2.ndjson', bronze('ben'))
  expect(await run('r3', ports)).toEqual({ read: 2, users: [['hans', 'ben']] })
})

test('an earlier run’s files that go between plan and chunk are made anew from bronze', async () => {
  const ports = memoryPorts()
  await ports.blobs.write(file, bronze('anna'))
  await run('r1', ports)
  const removeEarlier = async () => {
    for await (const { path } of ports.blobs.list('runs/r1/')) await ports.blobs.remove(path)
  }
  expect(await run('r2', ports, removeEarlier)).toEqual({ read: 1, users: [['anna']] })
})

test('files are cut into chunks as full as they can be; a new last file changes the last chunk alone', async () => {
  const { sha256 } = memoryPorts()
  const sized = async (...bytes: number[]) => {
    const { blobs } = memoryPorts()
    for (const [index, size] of bytes.entries()) await blobs.write(`bronze/orders/${index}`, new Uint8Array(size))
    return bronzeChunks(blobs.list('bronze/orders/'), { bytesMax: 10, sha256 })
  }
  const before = await sized(4, 6, 20, 3)
  const names = (chunks: typeof before) => chunks.map(({ paths }) => paths.map(path => path.slice(-1)).join(''))
  expect(names(before)).toEqual(['01', '2', '3'])
  const after = await sized(4, 6, 20, 3, 2)
  expect(names(after)).toEqual(['01', '2', '34'])
  expect(after.map(({ source }, index) => source === before[index]?.source)).toEqual([true, true, false])
  expect(await sized()).toEqual([])
})
