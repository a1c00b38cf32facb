import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { projectRoot } from './project-root.ts'

const SettingsFile = z.object({ IsEncrypted: z.literal(false).optional(), Values: z.record(z.string(), z.string()) })

/** App settings of local.settings.json; where there is none, of local.settings.sample.json. */
export function localSettings(): Record<string, string> {
  const own = join(projectRoot, 'local.settings.json')
  const file = existsSync(own) ? own : join(projectRoot, 'local.settings.sample.json')
  let raw: unknown
  try {
    raw = JSON.parse(readFileSync(file, 'utf8'))
  } catch (cause) {
    throw new Error(`Cannot read ${file}: ${cause instanceof Error ? cause.message : cause}`, { cause })
  }
  const parsed = SettingsFile.safeParse(raw)
  if (parsed.success) return parsed.data.Values
  const [issue] = parsed.error.issues
  throw new Error(`Cannot read ${file}: ${issue?.path.join('.')} ${issue?.message}. See local.settings.sample.json`)
}
