import { readJson, writeJson } from '../runs/run-blobs.ts'
import { type Stage, type StageContext, stage } from '../runs/stage.ts'
import { ModelIndexes } from '../schemas/model.ts'
import { keepManifest } from './increment/keep-model.ts'
import { readManifest } from './model.ts'

type Run = Pick<StageContext, 'runId' | 'ports'>

const folder = 'indexes/'

/** Leaves for the stage `indexes` what a stage before it made of one index. */
export const leaveIndex = (name: keyof ModelIndexes, made: ModelIndexes, run: Run): Promise<void> =>
  writeJson(run, `${folder}${name}.json`, made)

/** What the stages before left for sources -> named in the run's manifest. */
export const indexesStage: Stage = stage({
  name: 'indexes',
  weight: 1,
  parse: () => ({}),
  plan: async () => [{}],
  run: async (_, context) => {
    const { runId, ports } = context
    const manifest = await readManifest(runId, ports.blobs)
    let indexes: ModelIndexes = {}
    for await (const { path } of ports.blobs.list(`runs/${runId}/${folder}`)) {
      indexes = { ...indexes, ...(await readJson(context, path.slice(`runs/${runId}/`.length), ModelIndexes)) }
    }
    await keepManifest({ ...manifest, indexes }, context)
    return { indexes: Object.keys(indexes).length }
  },
})
