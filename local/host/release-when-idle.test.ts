import { expect, test } from 'vitest'
import type { Invocation, Outcome } from './invoker.ts'
import { releaseWhenIdle } from './release-when-idle.ts'

const succeeded: Outcome = { type: 'succeeded', response: {} as never }
const invocation: Invocation = { functionName: 'run-chunks', bindingName: 'message', data: { string: '' } }

function counted(idleMs: number) {
  const released = { times: 0, first: Promise.withResolvers<void>() }
  const release = () => {
    released.times += 1
    released.first.resolve()
  }
  return { released, options: { idleMs, release } }
}

test('releaseWhenIdle() releases memory once after a run of messages, not between them', async () => {
  const { released, options } = counted(30)
  const { invoke } = releaseWhenIdle({ invoke: async () => succeeded }, options)
  for (let message = 0; message < 5; message++) expect(await invoke(invocation)).toBe(succeeded)
  expect(released.times).toBe(0)
  await released.first.promise
  // Were there a second release, its timer would be due by now.
  await new Promise(resolve => setTimeout(resolve, 10))
  expect(released.times).toBe(1)
})

test('releaseWhenIdle() waits for the last of two messages that run side by side', async () => {
  const { released, options } = counted(0)
  const slow = Promise.withResolvers<Outcome>()
  const answers = [Promise.resolve(succeeded), slow.promise]
  const { invoke } = releaseWhenIdle({ invoke: async () => answers.shift() ?? succeeded }, options)
  const both = [invoke(invocation), invoke(invocation)]
  await both[0]
  await new Promise(resolve => setTimeout(resolve, 5))
  expect(released.times).toBe(0)
  slow.resolve(succeeded)
  await released.first.promise
  await both[1]
})
