import { expect, test } from 'vitest'
import { checkerboardShop, jobs, runJob } from '../../tests/memory-shop.ts'
import type { Blobs } from '../ports.ts'
import { runLogPath } from './run-log.ts'
import { startRun } from './start-run.ts'

const runsWithFiles = async (blobs: Blobs) =>
  new Set((await Array.fromAsync(blobs.list('runs/'))).map(({ path }) => path.split('/')[1]))

test('a refresh that went live removes the files of ended runs, and keeps its own, those at work, models and logs', async () => {
  const ports = await checkerboardShop()
  await runJob('lake', ports)
  const first = await runJob('refresh', ports)
  expect(await runsWithFiles(ports.blobs)).toEqual(new Set([first.run_id]))

  const { run: atWork } = await startRun('lake', { trigger: 'test', jobs }, ports)
  ports.sent.length = 0
  await ports.blobs.write(`runs/${atWork.run_id}/plans/files.json`, Buffer.from('[]'))
  const second = await runJob('refresh', ports)
  expect(await runsWithFiles(ports.blobs)).toEqual(new Set([atWork.run_id, second.run_id]))
  expect(await ports.blobs.read(`models/${first.run_id}/model.json`)).toBeDefined()
  expect(await ports.blobs.read(runLogPath(first.run_id))).toBeDefined()
})
