import { execFile } from 'node:child_process'
import { join } from 'node:path'

/** Runs the smoke test of deployments, as the workflow does. */
export function smoke(
  { url, token }: { url: string; token: string },
  ...options: string[]
): Promise<{ code: number; said: string }> {
  const script = join(import.meta.dirname, '../infra/deploy/smoke.mjs')
  const env = { ...process.env, SIDECART_TOKEN: token }
  return new Promise(resolve => {
    execFile(process.execPath, [script, '--url', url, '--wait', '0', ...options], { env }, (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, said: stdout + stderr })
    })
  })
}
