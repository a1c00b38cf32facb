import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * The Python of a virtual environment of the peers' own, made on first use and whenever its requirements change; the reason
 * when this machine has none. The recommenders' and the lake's readers are not to be had at once: one is large.
 */
export function pythonEnvironment(
  step: (text: string) => void,
  of: 'recommenders' | 'lake' | 'contract' = 'recommenders',
): { python: string } | { missing: string } {
  const suffix = of === 'recommenders' ? '' : `-${of}`
  const folder = join(import.meta.dirname, `.venv${suffix}`)
  const requirements = join(import.meta.dirname, `requirements${suffix}.txt`)
  /** Written last, so that an environment that was interrupted is made anew. */
  const installed = join(folder, 'installed.txt')
  const python = join(folder, 'bin/python')
  const wanted = readFileSync(requirements, 'utf8')
  if (existsSync(installed) && readFileSync(installed, 'utf8') === wanted) return { python }
  if (spawnSync('python3', ['--version']).error) return { missing: 'python3 is not on the PATH' }
  step(`Installing the peers into bench/peers/.venv${suffix}`)
  rmSync(folder, { recursive: true, force: true })
  const commands = [
    ['python3', '-m', 'venv', folder],
    [python, '-m', 'pip', 'install', '--quiet', '-r', requirements],
  ] as const
  for (const [command, ...args] of commands) {
    const { status, stderr } = spawnSync(command, args, { encoding: 'utf8' })
    if (status !== 0) return { missing: `${[command, ...args].join(' ')} failed: ${stderr.trim()}` }
  }
  writeFileSync(installed, wanted)
  return { python }
}
