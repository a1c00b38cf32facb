/** The steps of the ladder, best first: what a list came from is told by the first rung that gave an item. */
export const rungs = ['personal', 'session', 'item', 'segment', 'category', 'trending', 'catalogue'] as const
export type Rung = (typeof rungs)[number]
