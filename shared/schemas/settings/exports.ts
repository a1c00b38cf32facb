import { z } from 'zod'
import { count, number } from './setting.ts'

const exportSwitch = 'must be include or leave_out'

/** What an export of lists is made by (J06). */
export const ExportSettings = z.object({
  /** Items a user. */
  EXPORT_LIMIT: number(10, count.max(100, { error: 'must be 100 or less' })).meta({ runTime: true }),
  /** Users for whom nothing personal is known: with what is popular, or not at all. */
  EXPORT_POPULAR: z.enum(['include', 'leave_out'], { error: exportSwitch }).default('include').meta({ runTime: true }),
})
export type ExportSettings = z.infer<typeof ExportSettings>
