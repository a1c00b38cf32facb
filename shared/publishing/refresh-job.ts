import { lakeStages } from '../lake/lake-job.ts'
import type { LakeOptions } from '../lake/lake-options.ts'
import type { Job, Stage } from '../runs/stage.ts'
import { allSources } from '../sources/all-sources.ts'
import { factorsStage } from '../training/factors-stage.ts'
import { certificateStage } from '../training/increment/certificate-stage.ts'
import { decideStage } from '../training/increment/decide-stage.ts'
import { foldInStage } from '../training/increment/fold-in-stage.ts'
import { atRefit } from '../training/increment/stages-due.ts'
import { indexesStage } from '../training/indexes-stage.ts'
import { interactionsStage } from '../training/interactions-stage.ts'
import { matrixStage } from '../training/matrix-stage.ts'
import type { TrainingOptions } from '../training/options.ts'
import { withRunOptions } from '../training/run-options.ts'
import { activateStage } from './activate-stage.ts'
import { catalogueSnapshotStage } from './catalogue-snapshot.ts'
import { historyStage } from './history-stage.ts'
import { publishStage } from './publish-stage.ts'

/**
 * Everything from what arrived to live recommendations, in the order of the data: the lake's tables that models are
 * trained on, and then training on them as they are.
 */
export function refreshJob(options: TrainingOptions, lake: LakeOptions): Job {
  const stages = [...lakeStages(lake, { only: 'training' }), ...withRunOptions(options, refreshStages)]
  return { kind: 'refresh', stages }
}

const refreshStages = (options: TrainingOptions): Stage[] => [
  interactionsStage,
  matrixStage(options),
  decideStage(options),
  atRefit(factorsStage(options)),
  foldInStage(options),
  ...[...allSources.values()].flatMap(({ build }) => build(options)),
  indexesStage,
  certificateStage(options),
  publishStage(options),
  catalogueSnapshotStage,
  activateStage(options),
  historyStage,
]
