import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { projectRoot } from '../../local/project-root.ts'
import { answeringShop, apiOver } from '../api-by-hand.ts'
import { clientSource } from './client-source.ts'
import { exampleAnswers, recorded } from './example-answers.ts'
import { formatted } from './formatted.ts'
import { servedDocument } from './served-document.ts'

// What is made from the API: the answers of the examples, the client's operations and its package. Tests fail while a file is out of
// date.
write('shared/api/examples/answers.json', JSON.stringify(recorded(await exampleAnswers())))
write('client/src/operations.ts', clientSource(await servedDocument(apiOver(await answeringShop()))))
const tsc = spawnSync(join(projectRoot, 'node_modules/.bin/tsc'), ['-p', 'client'], {
  cwd: projectRoot,
  stdio: 'inherit',
})
process.exitCode = tsc.status ?? 1

function write(file: string, text: string): void {
  writeFileSync(join(projectRoot, file), formatted(file, text))
  console.log(`wrote ${file}`)
}
