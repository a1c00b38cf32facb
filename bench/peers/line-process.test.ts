import { expect, test } from 'vitest'
import { startLineProcess } from './line-process.ts'

const echo = `console.log('"ready"'); process.stdin.on('data', line => { if (line.includes('end')) process.exit(3); console.log(String(line).trim()) })`

test('startLineProcess() hears the greeting and gets each request answered', async () => {
  const { greeting, child } = await startLineProcess(process.execPath, ['-e', echo], {})
  expect(greeting).toBe('ready')
  expect(await child.ask({ command: 'add', of: [1, 2] })).toEqual({ command: 'add', of: [1, 2] })
  await child.close()
})

test('a child that ends amid a request is told as an error', async () => {
  const { child } = await startLineProcess(process.execPath, ['-e', echo], {})
  await expect(child.ask({ command: 'end' })).rejects.toThrow('ended before it answered')
})
