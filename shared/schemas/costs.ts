import { z } from 'zod'
import { Usage } from './usage.ts'

const Line = z.object({
  service: z.string(),
  unit: z.string(),
  quantity: z.number(),
  /** What of it is free. */
  included: z.number(),
  price: z.number(),
  dollars: z.number(),
})
const Costs = z.object({ dollars: z.number(), lines: z.array(Line) })

/** Answer of GET /api/costs: US dollars at the list prices of shared/schemas/prices.ts. */
export const CostsAnswer = z.object({
  profile: z.string(),
  prices_as_of: z.string(),
  /** From when what is paid by the hour counts, until now. */
  since: z.string(),
  until: z.string(),
  month_to_date: Costs,
  /** Of the whole month, if it goes on as in the last seven days. */
  forecast: Costs,
  lists: z.number(),
  /** Of the forecast's lists and dollars. */
  dollars_per_thousand_lists: z.number().nullable(),
  /** By what ran it, as instances have written it: at most some minutes behind. */
  usage: Usage,
  budget: z.object({
    /** 0 for none. */
    dollars: z.number(),
    is_slowed: z.boolean(),
    /** The least hours between refreshes by the clock; null for no bound. */
    refresh_every_hours: z.number().nullable(),
    explores: z.boolean(),
    since: z.string().nullable(),
  }),
})
export type CostsAnswer = z.infer<typeof CostsAnswer>
