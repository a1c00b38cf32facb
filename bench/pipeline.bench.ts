import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { projectRoot } from '../local/project-root.ts'
import { readShop } from '../local/sample/read-shop.ts'
import { type Bench, lone } from './report.ts'
import { withState } from './sample-stack.ts'
import { fourDigits } from './spread.ts'

const runs = 10

/** The whole command on the sample shop's files, each run in a new process and a new folder, after one untimed. */
export const pipelineBench: Bench = async step => {
  const { orders } = await readShop()
  const seconds: number[] = []
  for (let run = 0; run <= runs; run++) {
    step(run === 0 ? 'Warming up' : `Run ${run} of ${runs}`)
    const took = await withState(runOnce)
    if (run > 0) seconds.push(took)
  }
  const linesPerSecond = fourDigits((orders.length * runs) / seconds.reduce((sum, took) => sum + took, 0))
  const quality = { order_lines: orders.length, order_lines_per_second: linesPerSecond }
  return [lone('files of the sample shop to gold', { values: seconds, unit: 's', quality })]
}

async function runOnce(root: string): Promise<number> {
  const files = ['orders', 'products', 'customers'].flatMap(kind => [
    `--${kind}`,
    join(projectRoot, `data/${kind}.csv`),
  ])
  const args = ['--disable-warning=ExperimentalWarning', 'commands/pipeline.ts', '--lakehouse-root', root, ...files]
  const started = performance.now()
  const child = spawn(process.execPath, args, { cwd: projectRoot, stdio: 'ignore' })
  const [code] = (await once(child, 'exit')) as [number | null]
  if (code !== 0) throw new Error(`npm run pipeline ended with exit code ${code}`)
  return (performance.now() - started) / 1000
}
