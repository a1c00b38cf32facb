import { z } from 'zod'

/** What a stage of a refresh took: its chunks one after the other. */
export const StageFigures = z.object({
  stage: z.string(),
  chunks: z.int(),
  seconds: z.number(),
  /** Of the process, since it began. */
  peakMemoryMb: z.number(),
  metrics: z.record(z.string(), z.number()),
})
export type StageFigures = z.infer<typeof StageFigures>
