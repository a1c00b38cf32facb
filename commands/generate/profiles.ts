/** How large a shop is and how long its history. */
export interface Profile {
  users: number
  items: number
  orderLines: number
  ratings: number
  /** Views, clicks, carts, ratings, feedback; impressions, and purchases of orders, come on top. */
  events: number
  days: number
}

/** The scales that Sidecart is made for; `large` has 10 million interactions, order lines and events together. */
export const profiles = {
  tiny: { users: 500, items: 1_000, orderLines: 6_000, ratings: 1_500, events: 14_000, days: 365 },
  lakehouse: {
    ...{ users: 100_000, items: 10_000, orderLines: 5_000_000 },
    ...{ ratings: 1_000_000, events: 500_000, days: 730 },
  },
  large: {
    ...{ users: 1_000_000, items: 100_000, orderLines: 3_000_000 },
    ...{ ratings: 500_000, events: 7_000_000, days: 365 },
  },
} as const satisfies Record<string, Profile>
