import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { withLakeTables } from './dictionary-section.ts'
import { fabricScript } from './fabric-script.ts'
import { synapseScript } from './synapse-script.ts'

/** The files of the project that follow from the tables' declaration, with what they are to hold. */
export async function generatedFiles(root: string): Promise<{ path: string; text: string }[]> {
  const dictionary = 'docs/data-dictionary.md'
  return [
    { path: 'infra/analytics/synapse-serverless.sql', text: synapseScript() },
    { path: 'infra/analytics/fabric-shortcuts.sh', text: fabricScript() },
    { path: dictionary, text: withLakeTables(await readFile(join(root, dictionary), 'utf8')) },
  ]
}
