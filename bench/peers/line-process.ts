import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'

/** A child that answers each line of its standard input by one line, both JSON. One request at a time. */
export interface LineProcess {
  ask(request: Readonly<Record<string, unknown>>): Promise<unknown>
  close(): Promise<void>
}

/** @returns what the child said first, unasked, and the child */
export async function startLineProcess(
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<{ greeting: unknown; child: LineProcess }> {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'], env: { ...process.env, ...env } })
  const ended = once(child, 'exit')
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const next = async (): Promise<unknown> => {
    const { done, value } = await lines.next()
    if (done) throw new Error(`${command} ended before it answered, with exit code ${child.exitCode}`)
    return JSON.parse(value)
  }
  const ask: LineProcess['ask'] = request => {
    child.stdin.write(`${JSON.stringify(request)}\n`)
    return next()
  }
  const close = async () => {
    child.stdin.end()
    await ended
  }
  return { greeting: await next(), child: { ask, close } }
}
