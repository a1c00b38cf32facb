import { z } from 'zod'

const countRule = { error: 'must be a number of 0 or more' }
const amount = z.number(countRule).min(0, countRule)

/** What a shop asks of Sidecart: a day like any other. */
export const Traffic = z.object({
  users: amount,
  items: amount,
  /** What shoppers do: views, carts, purchases. */
  eventsPerDay: amount,
  /** Lists that are asked for. */
  requestsPerDay: amount,
  refreshesPerDay: amount,
  /** Events that one request posts together. */
  eventsPerPost: z.number().min(1, { error: 'must be 1 or more' }),
  /** Lists that a page asks for at the same moment. */
  listsTogether: z.number().min(1, { error: 'must be 1 or more' }),
  /** Share of lists that the app itself reports as impressions, ten events each. */
  impressionsShare: z.number().min(0).max(1, { error: 'must be from 0 to 1' }),
})
export type Traffic = z.infer<typeof Traffic>

export const defaultTraffic = {
  refreshesPerDay: 4,
  eventsPerPost: 1,
  listsTogether: 1,
  impressionsShare: 0,
} as const satisfies Partial<Traffic>

/** The same shop with so many times the traffic; its people and its products stay. */
export const timesTraffic = (traffic: Traffic, times: number): Traffic => ({
  ...traffic,
  eventsPerDay: traffic.eventsPerDay * times,
  requestsPerDay: traffic.requestsPerDay * times,
})
