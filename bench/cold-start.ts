import { z } from 'zod'

/** What a process of bench/cold-host.ts is to start and to ask. */
export const ColdStart = z.object({
  appDir: z.string(),
  stateDir: z.string(),
  settings: z.record(z.string(), z.string()),
  path: z.string(),
  token: z.string(),
})
export type ColdStart = z.infer<typeof ColdStart>

/** What it saw, counted from the start of the process that serves HTTP. */
export const ColdFigures = z.object({
  loadedMs: z.number(),
  firstMs: z.number(),
  /** Processor time of that process until then. */
  firstCpuMs: z.number(),
  firstRung: z.string(),
  degraded: z.string(),
  personalMs: z.number(),
})
export type ColdFigures = z.infer<typeof ColdFigures>
