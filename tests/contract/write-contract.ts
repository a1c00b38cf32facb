import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { projectRoot } from '../../local/project-root.ts'
import { exampleAnswers, recorded } from './example-answers.ts'

// The files that are made from the API: the answers of the examples. Tests fail while one of them is out of date.
const answersFile = join(projectRoot, 'shared/api/examples/answers.json')
write(answersFile, JSON.stringify(recorded(await exampleAnswers())))

function write(file: string, text: string): void {
  writeFileSync(file, text)
  const { status } = spawnSync(join(projectRoot, 'node_modules/.bin/biome'), ['format', '--write', file], {
    stdio: 'inherit',
  })
  if (status !== 0) throw new Error(`${file} could not be formatted`)
  console.log(`wrote ${file}`)
}
