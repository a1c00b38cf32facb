import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { z } from 'zod'
import { projectRoot } from '../local/project-root.ts'
import { directoryBlobs } from '../shared/adapters/files/blobs.ts'
import { memoryPorts } from '../shared/adapters/memory/ports.ts'
import { type Bench, type BenchResult, lone } from './report.ts'
import { withState } from './sample-stack.ts'
import { StageFigures } from './stage-figures.ts'
import { shopSizes, writeTrainingShop } from './training-shop.ts'

const seed = 1

/** The stages of a refresh that read no factors, at full scale and at a tenth of it, in one process each. */
export const datasetBench: Bench = async step => {
  const results: BenchResult[] = []
  for (const [name, size] of Object.entries(shopSizes).toReversed()) {
    await withState(async root => {
      step(`Writing the training table of ${size.interactions} interactions`)
      const ports = { ...memoryPorts(), blobs: directoryBlobs(root) }
      const { rows } = await writeTrainingShop(size, { seed, ports })
      step('Reading it')
      const { stdout } = await promisify(execFile)(
        process.execPath,
        ['--disable-warning=ExperimentalWarning', 'bench/dataset-stages.ts', root, name],
        { cwd: projectRoot },
      )
      for (const { stage, chunks, seconds, peakMemoryMb, metrics } of z.array(StageFigures).parse(JSON.parse(stdout))) {
        const quality = { rows, chunks, peak_memory_mb: Math.round(peakMemoryMb), ...metrics }
        results.push(lone(`${name}: stage ${stage}`, { values: [seconds], unit: 's', quality }))
      }
    })
  }
  return results
}
