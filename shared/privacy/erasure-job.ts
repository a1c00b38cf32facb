import { eventsStage } from '../ingest/events-stage.ts'
import { filesStage } from '../ingest/landing/files-stage.ts'
import type { Job } from '../runs/stage.ts'
import { beginStage } from './erasure/begin-stage.ts'
import { certificateStage } from './erasure/certificate-stage.ts'
import type { EraseStep, ErasureOptions } from './erasure/erase-step.ts'
import { identifyStage } from './erasure/identify-stage.ts'
import { stepStage } from './erasure/step-stage.ts'
import { verifyStage } from './erasure/verify-stage.ts'
import { lakeSteps } from './lake/all-lake-steps.ts'
import { servingSteps } from './serving/all-serving-steps.ts'

/** Every store that may hold a person, in the order in which it is seen to: first what is served. */
const eraseSteps: readonly EraseStep[] = [...servingSteps, ...lakeSteps]

/**
 * Takes people out of every store, looks for them again and certifies it. One run takes all that was asked for by then; while
 * it is at work it holds the leases of all other jobs, which could else write what they read before.
 */
export function erasureJob(options: ErasureOptions, steps: readonly EraseStep[] = eraseSteps): Job {
  return {
    kind: 'erasure',
    stages: [
      beginStage(options),
      // What has come in is in the lake before anything is looked for there.
      filesStage(options.lake),
      eventsStage,
      identifyStage(options),
      ...steps.map(step => stepStage(step, options)),
      verifyStage(steps, options),
      certificateStage(steps),
    ],
  }
}
