import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { join } from 'node:path'
import { liveMessages } from './live-messages.ts'
import type { Profile } from './profiles.ts'

const replay = join(import.meta.dirname, '../../local/replay.ts')

/** Sends a shop's interactions to a running app by `npm run replay`, which paces them. Resolves with its exit code. */
export async function liveTraffic(
  profile: Profile,
  {
    seed,
    rate,
    minutes,
    url,
    token,
  }: { seed: number; rate: number; minutes: number; url: string; token: string | undefined },
): Promise<number> {
  const args = [
    replay,
    '--events',
    '-',
    '--rate',
    String(rate),
    '--url',
    url,
    ...(token === undefined ? [] : ['--token', token]),
  ]
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', ...args], {
    stdio: ['pipe', 'inherit', 'inherit'],
  })
  const ended = once(child, 'exit')
  let hasEnded = false
  // A replay that ends early, as the app is not there, has said why.
  child.stdin.on('error', () => undefined)
  child.once('exit', () => {
    hasEnded = true
  })
  for (const message of liveMessages(profile, { seed, count: Math.round(60 * rate * minutes) })) {
    if (hasEnded) break
    if (!child.stdin.write(`${JSON.stringify({ event_id: randomUUID(), ...message })}\n`))
      await Promise.race([once(child.stdin, 'drain'), ended])
  }
  child.stdin.end()
  const [code] = (await ended) as [number | null]
  return code ?? 1
}
