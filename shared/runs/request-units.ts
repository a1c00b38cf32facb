/** Request units as money, in US dollars to a hundredth of a cent. */
export function dollarsOf(requestUnits: number, dollarsPerMillion: number): number {
  return Math.round((requestUnits * dollarsPerMillion) / 100) / 10_000
}

/**
 * Request units of reading, creating and replacing a document without an index, by its bytes. Source: Microsoft, "Optimize
 * the cost of your reads and writes in Azure Cosmos DB": 1, 5.5 and 11 RU at 1 KB, 10, 50 and 100 RU at 100 KB.
 */
export const requestUnitsOf = {
  read: (bytes: number) => linear(bytes, 1, 10),
  create: (bytes: number) => linear(bytes, 5.5, 50),
  replace: (bytes: number) => linear(bytes, 11, 100),
} as const

function linear(bytes: number, atOneKb: number, atHundredKb: number): number {
  return atOneKb + ((atHundredKb - atOneKb) * (Math.max(1, bytes / 1024) - 1)) / 99
}
