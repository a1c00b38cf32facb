import { z } from 'zod'
import { triggers } from './telemetry.ts'

const amount = z.number().nonnegative()
/** By what ran it; `none` for what goes on in the background. */
const byTrigger = z.partialRecord(z.enum([...triggers, 'none']), amount)

/** What is paid for by its amount. */
export const Usage = z.object({
  gb_seconds: byTrigger,
  executions: byTrigger,
  request_units: byTrigger,
  /** Requests to Blob Storage: lists cost what writes do. */
  blob_reads: amount,
  blob_writes: amount,
  queue_operations: amount,
  hub_events: amount,
  log_bytes: amount,
  /** Lists answered: what dollars for a thousand are of. */
  lists: amount,
})
export type Usage = z.infer<typeof Usage>

/**
 * Cosmos `usage`, id the day: what all instances used of it. Each adds its part by a conditional write under its own name and a
 * number that grows, so that a part whose answer was lost is not added twice.
 */
export const UsageDay = z.object({
  id: z.iso.date(),
  usage: Usage,
  /** Who added a part of late, and the number of the last one. */
  writers: z.record(z.string(), z.object({ part: z.int().positive(), at: z.iso.datetime() })),
})
export type UsageDay = z.infer<typeof UsageDay>

/** How much the month's forecast slows: nothing, refreshes every 12 hours, every 24. */
export const budgetLevels = [0, 1, 2] as const

/** Cosmos `config`, id `budget`: what the clock made of the forecast last. */
export const BudgetState = z.object({
  id: z.literal('budget'),
  level: z.union(budgetLevels.map(level => z.literal(level))),
  /** When the level changed, and when it was looked at last. */
  since: z.iso.datetime(),
  looked_at: z.iso.datetime(),
  budget_dollars: amount,
  month_dollars: amount,
  forecast_dollars: amount,
})
export type BudgetState = z.infer<typeof BudgetState>
export type BudgetLevel = BudgetState['level']
