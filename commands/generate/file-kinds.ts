/** What lies in which folder of landing/, as files take it. */
export const rowKinds = ['products', 'customers', 'orders', 'order_items', 'ratings'] as const
/** What producers send to hubs, in order of time: one file each, JSON lines. */
export const messageKinds = ['interactions', 'catalog-changes'] as const

export type FileKind = (typeof rowKinds)[number] | (typeof messageKinds)[number]
