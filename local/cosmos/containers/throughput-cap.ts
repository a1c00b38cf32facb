import { CosmosError } from '../errors.ts'

interface Spent {
  second: number
  requestUnits: number
}

/**
 * Holds each physical partition to its equal share of a throughput, second by second. A request is let in as long as
 * anything is left of the second; what it takes beyond that is owed by the seconds that follow, so that the average is kept.
 * Source: Microsoft, "Provisioned throughput in Azure Cosmos DB", and "Diagnose and troubleshoot request rate too large".
 */
export class ThroughputCap {
  requestUnitsPerSecond: number
  readonly #now: () => number
  readonly #spent = new Map<string, Spent>()

  /** @param now milliseconds since 1970 */
  constructor(requestUnitsPerSecond: number, now: () => number) {
    this.requestUnitsPerSecond = requestUnitsPerSecond
    this.#now = now
  }

  /** @throws CosmosError 429 when nothing is left of this second, with the time until something is */
  admit(partition: string, partitions: number): void {
    const share = this.requestUnitsPerSecond / partitions
    const { second, requestUnits } = this.#of(partition, share)
    if (requestUnits < share) return
    const seconds = Math.floor(requestUnits / share)
    throw tooManyRequests((second + seconds) * 1000 - this.#now())
  }

  spend(partition: string, partitions: number, charge: number): void {
    this.#of(partition, this.requestUnitsPerSecond / partitions).requestUnits += charge
  }

  #of(partition: string, share: number): Spent {
    const second = Math.floor(this.#now() / 1000)
    const before = this.#spent.get(partition) ?? { second, requestUnits: 0 }
    const owed = Math.max(0, before.requestUnits - share * Math.max(0, second - before.second))
    const spent = { second, requestUnits: owed }
    this.#spent.set(partition, spent)
    return spent
  }
}

function tooManyRequests(retryAfterMs: number): CosmosError {
  const refusal = new CosmosError(
    429,
    'Request rate is large. More Request Units may be needed, so no changes were made. Please retry this request later.',
    3200,
  )
  refusal.charge = 0
  refusal.retryAfterMs = retryAfterMs
  return refusal
}
