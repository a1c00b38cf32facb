import { directoryBlobs } from '../shared/adapters/files/blobs.ts'
import { memoryPorts } from '../shared/adapters/memory/ports.ts'
import type { Ports } from '../shared/ports.ts'
import type { Stage } from '../shared/runs/stage.ts'
import { collections } from '../shared/schemas/collections.ts'
import { interactionsStage } from '../shared/training/interactions-stage.ts'
import { itemsetsStage } from '../shared/training/itemsets-stage.ts'
import { matrixStage } from '../shared/training/matrix-stage.ts'
import { popularityStage } from '../shared/training/popularity-stage.ts'
import { rulesStage } from '../shared/training/rules-stage.ts'
import { shopOptions } from './matrices.ts'
import type { StageFigures } from './stage-figures.ts'
import { shopCatalogue, shopSizes } from './training-shop.ts'

// A process of its own: its peak is that of these stages alone. Arguments: the folder of the lake, the shop's size by name.
const [root = '', name = ''] = process.argv.slice(2)
const size = new Map(Object.entries(shopSizes)).get(name)
if (!size)
  throw new RangeError(`Cannot make a catalogue as the size must be a name of shopSizes: current value is '${name}'`)
const ports: Ports = { ...memoryPorts(), blobs: directoryBlobs(root) }
for (const item of shopCatalogue(size, { seed: 1 })) await ports.documents.upsert(collections.items, item)
const figures: StageFigures[] = []
const stages = [
  interactionsStage,
  matrixStage(shopOptions),
  itemsetsStage(shopOptions),
  rulesStage(shopOptions),
  popularityStage(shopOptions),
]
for (const stage of stages) figures.push(await measured(stage, 'first'))
const again = await measured(interactionsStage, 'second')
figures.push({ ...again, stage: `${again.stage}, with the same table in the next run` })
console.log(JSON.stringify(figures))

async function measured(stage: Stage, runId: string): Promise<StageFigures> {
  const context = {
    ...{ runId, token: 1, createdAt: new Date(0).toISOString(), ports },
    ...{ progress: async () => undefined, note: () => undefined },
  }
  const started = performance.now()
  const chunks = await stage.plan(context)
  const metrics: Record<string, number> = {}
  for (const chunk of chunks) {
    for (const [name, value] of Object.entries(await stage.run(chunk, context)))
      metrics[name] = (metrics[name] ?? 0) + value
  }
  const seconds = (performance.now() - started) / 1000
  return {
    stage: stage.name,
    chunks: chunks.length,
    seconds,
    peakMemoryMb: process.resourceUsage().maxRSS / 1024,
    metrics,
  }
}
