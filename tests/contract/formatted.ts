import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { projectRoot } from '../../local/project-root.ts'

/** A file's text as the project's formatter would leave it. */
export function formatted(file: string, text: string): string {
  const biome = join(projectRoot, 'node_modules/.bin/biome')
  const { status, stdout, stderr } = spawnSync(biome, ['format', '--stdin-file-path', file], {
    ...{ cwd: projectRoot, input: text, encoding: 'utf8' },
  })
  if (status !== 0) throw new Error(`${file} could not be formatted: ${stderr}`)
  return stdout
}
