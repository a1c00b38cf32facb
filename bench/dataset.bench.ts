import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { z } from 'zod'
import { projectRoot } from '../local/project-root.ts'
import { directoryBlobs } from '../shared/adapters/files/blobs.ts'
import { shopSizes, writeShop } from './large-shop.ts'
import { type Bench, type BenchResult, lone } from './report.ts'
import { withState } from './sample-stack.ts'
import { StageFigures } from './stage-figures.ts'

const seed = 1

/** The stages of a refresh that read no factors, at full scale and at a tenth of it, in one process each. */
export const datasetBench: Bench = async step => {
  const results: BenchResult[] = []
  for (const [name, size] of Object.entries(shopSizes).toReversed()) {
    await withState(async root => {
      step(`Writing the bronze of ${size.interactions} interactions`)
      const { bytes } = await writeShop(size, { seed, blobs: directoryBlobs(root) })
      step('Reading it')
      const { stdout } = await promisify(execFile)(
        process.execPath,
        ['--disable-warning=ExperimentalWarning', 'bench/dataset-stages.ts', root, name],
        { cwd: projectRoot },
      )
      for (const { stage, chunks, seconds, peakMemoryMb, metrics } of z.array(StageFigures).parse(JSON.parse(stdout))) {
        const bronzeMb = Math.round(bytes / 1e6)
        const quality = { bronze_mb: bronzeMb, chunks, peak_memory_mb: Math.round(peakMemoryMb), ...metrics }
        results.push(lone(`${name}: stage ${stage}`, { values: [seconds], unit: 's', quality }))
      }
    })
  }
  return results
}
