/** The hub that changes of items, stock, prices and customers travel through, partitioned by what they change. */
export const catalogChangesHub = 'catalog-changes'
