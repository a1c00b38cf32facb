import { expect, test } from 'vitest'
import { throttle } from './throttle.ts'

function pieces() {
  const started: number[] = []
  const done: (() => void)[] = []
  const work = (n: number) => () =>
    new Promise<void>(resolve => {
      started.push(n)
      done[n] = resolve
    })
  return { started, finish: (n: number) => done[n]?.(), work }
}
const settled = () => new Promise(resolve => setImmediate(resolve))

test('run() lets the rest wait in order when as much runs as may', async () => {
  const { run } = throttle({ concurrentMax: 2, outstandingMax: -1 })
  const { started, finish, work } = pieces()
  for (const n of [0, 1, 2, 3]) run(work(n))
  await settled()
  expect(started).toEqual([0, 1])
  finish(1)
  await settled()
  expect(started).toEqual([0, 1, 2])
  finish(0)
  finish(2)
  await settled()
  expect(started).toEqual([0, 1, 2, 3])
})
test('run() refuses what comes when as much runs and waits as may, and takes it again afterwards', async () => {
  const { run } = throttle({ concurrentMax: 1, outstandingMax: 2 })
  const { started, finish, work } = pieces()
  const first = run(work(0))
  run(work(1))
  expect(run(work(2))).toBeUndefined()
  finish(0)
  await first
  await settled()
  expect(run(work(3))).toBeDefined()
  expect(started).toEqual([0, 1])
})
test('run() gives the place back when the work fails', async () => {
  const { run } = throttle({ concurrentMax: 1, outstandingMax: 1 })
  await expect(run(() => Promise.reject(new Error('broken')))).rejects.toThrow('broken')
  await expect(run(() => Promise.resolve())).resolves.toBeUndefined()
})
