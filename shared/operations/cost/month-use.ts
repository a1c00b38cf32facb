/** What is paid for by its amount, of a month or a part of one. */
export interface MonthUse {
  /** Memory times billed time: of instances on demand, and of those that are kept while they work. */
  gbSeconds: number
  keptGbSeconds: number
  executions: number
  keptExecutions: number
  requestUnits: number
  /** Of the busiest hour, a second. */
  peakRequestUnits: number
  hubEvents: number
  blobReads: number
  /** Lists among them, which cost the same. */
  blobWrites: number
  queueOperations: number
  storedGb: number
  cosmosGb: number
  logGb: number
  vaultOperations: number
}
