import { badRequest } from '../errors.ts'

export type Throughput = { type: 'manual'; requestUnits: number } | { type: 'autoscale'; maxRequestUnits: number }

/** What a database or a container was provisioned with. */
export interface Offer {
  throughput: Throughput
  /** The highest RU/s it ever had, below a part of which it cannot go. */
  highest: number
  ts: number
}

const MOST = 1_000_000

/** RU/s at most; autoscale reaches its maximum at once. */
export function requestUnits(throughput: Throughput): number {
  return throughput.type === 'manual' ? throughput.requestUnits : throughput.maxRequestUnits
}

/** @throws CosmosError 400 for a throughput that Azure would not provision, given the offer before it */
export function checkThroughput(throughput: Throughput, before?: Offer): Throughput {
  const value = requestUnits(throughput)
  const least = leastThroughput(throughput.type, before?.highest ?? 0)
  const step = throughput.type === 'manual' ? 100 : 1000
  if (Number.isInteger(value) && value >= least && value <= MOST && value % step === 0) return throughput
  throw badRequest(
    `The offer should have valid throughput values: ${throughput.type} throughput between ${least} and ${MOST} inclusive in ` +
      `increments of ${step}, it is ${value}.`,
  )
}

// Source: Microsoft, "Azure Cosmos DB service quotas", minimum throughput limits: a hundredth of the highest ever, autoscale a
// tenth; the part that grows with stored gigabytes is left out.
function leastThroughput(type: Throughput['type'], highest: number): number {
  const steps = Math.ceil(highest / 10_000)
  return type === 'manual' ? Math.max(400, steps * 100) : Math.max(1000, steps * 1000)
}
