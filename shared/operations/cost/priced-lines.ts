import { hoursAMonth, prices } from '../../schemas/prices.ts'
import { appsOf, type Deployment, gbOf } from './deployments.ts'
import type { MonthUse } from './month-use.ts'

/** A line of the bill: what is beyond `included` is paid at `price`. */
export interface Line {
  service: string
  unit: string
  quantity: number
  included: number
  price: number
  dollars: number
}

interface Priced {
  service: string
  unit: string
  quantity: number
  price: number
  included?: number
}

/**
 * Uses as money, line by line, at the list prices of shared/schemas/prices.ts.
 * @param of.share how much of a month the hours are: what is paid by the hour, or by the month, counts so much
 */
export function pricedLines(use: MonthUse, deployment: Deployment, { share = 1 } = {}): Line[] {
  const hours = hoursAMonth * share
  const lines = [
    ...hubLines(use, deployment, hours),
    ...functionLines(use, deployment, hours),
    ...cosmosLines(use, deployment, hours),
    ...storageLines(use, deployment),
    ...watchLines(use, deployment, share),
    ...otherLines(use, deployment, { hours, share }),
  ]
  return lines.map(({ included = 0, ...line }) => {
    const paid = Math.max(0, line.quantity - included)
    return { ...line, included, dollars: paid * line.price }
  })
}

export const totalOf = (lines: readonly Line[]): number => lines.reduce((sum, { dollars }) => sum + dollars, 0)

function hubLines(use: MonthUse, { eventHubs }: Deployment, hours: number): Priced[] {
  const { tier, throughputUnits } = eventHubs
  const price = prices.eventHubs[tier]
  const service = `Event Hubs ${tier}`
  return [
    { service, unit: 'throughput unit hours', quantity: throughputUnits * hours, price: price.throughputUnitHour },
    { service, unit: 'million events', quantity: use.hubEvents / 1e6, price: price.millionEvents },
  ]
}

function functionLines(use: MonthUse, deployment: Deployment, hours: number): Priced[] {
  const { onDemand, grant, alwaysReady } = prices.flex
  const { serving } = appsOf(deployment)
  const service = 'Functions Flex Consumption'
  const lines: Priced[] = [
    {
      ...{ service, unit: 'GB-s on demand', quantity: use.gbSeconds },
      ...{ included: grant.gbSeconds, price: onDemand.gbSecond },
    },
    {
      ...{ service, unit: 'million executions', quantity: use.executions / 1e6 },
      ...{ included: grant.executions / 1e6, price: onDemand.millionExecutions },
    },
  ]
  if (serving.alwaysReadyHttp === 0) return lines
  const kept = serving.alwaysReadyHttp * gbOf(serving) * hours * 3600
  return [
    ...lines,
    { service, unit: 'GB-s always ready, baseline', quantity: kept, price: alwaysReady.baselineGbSecond },
    { service, unit: 'GB-s always ready, at work', quantity: use.keptGbSeconds, price: alwaysReady.gbSecond },
    {
      ...{ service, unit: 'million executions, always ready', quantity: use.keptExecutions / 1e6 },
      price: alwaysReady.millionExecutions,
    },
  ]
}

function cosmosLines(use: MonthUse, { cosmos }: Deployment, hours: number): Priced[] {
  const { freeTier, autoscaleHundredRequestUnitsHour: price, gbMonth } = prices.cosmos
  const service = 'Cosmos DB'
  const gb = { service, unit: 'GB stored', quantity: use.cosmosGb, price: gbMonth }
  if (cosmos.freeTier) {
    const quantity = (cosmos.throughputMax / 100) * hours
    return [
      {
        ...{ service, unit: '100 RU/s hours, provisioned', quantity, price },
        included: (freeTier.requestUnitsPerSecond / 100) * hours,
      },
      { ...gb, included: freeTier.gb },
    ]
  }
  // Autoscale is paid by the highest of each hour, a tenth of the most at least; the busiest hour stands for all of the day.
  const perSecond = Math.min(cosmos.throughputMax, Math.max(cosmos.throughputMax / 10, use.peakRequestUnits))
  return [{ service, unit: '100 RU/s hours, autoscale', quantity: (perSecond / 100) * hours, price }, gb]
}

function storageLines(use: MonthUse, { storage }: Deployment): Priced[] {
  const { gbMonth, tenThousandReads, tenThousandWrites } = prices.storage[storage.redundancy]
  const service = 'Storage'
  const { tenThousandQueueOperations } = prices.storage
  return [
    { service, unit: 'GB stored', quantity: use.storedGb, price: gbMonth },
    { service, unit: '10,000 writes and lists', quantity: use.blobWrites / 1e4, price: tenThousandWrites },
    { service, unit: '10,000 reads', quantity: use.blobReads / 1e4, price: tenThousandReads },
    {
      ...{ service, unit: '10,000 queue operations', quantity: use.queueOperations / 1e4 },
      price: tenThousandQueueOperations,
    },
  ]
}

function watchLines(use: MonthUse, { logs, alerts }: Deployment, share: number): Priced[] {
  const service = 'Monitor'
  return [
    {
      ...{ service, unit: 'GB of logs', quantity: Math.min(use.logGb, logs.dailyCapGb * 30.4 * share) },
      ...{ included: prices.logs.freeGb, price: prices.logs.gb },
    },
    {
      ...{ service, unit: `log alerts every ${alerts.everyMinutes} min`, quantity: alerts.logRules * share },
      price: prices.alerts.logRuleMonth[alerts.everyMinutes],
    },
    { service, unit: 'metric alerts', quantity: share, price: prices.alerts.metricRuleMonth },
  ]
}

function otherLines(
  use: MonthUse,
  { privateEndpoints, staticWebApp }: Deployment,
  { hours, share }: { hours: number; share: number },
): Priced[] {
  const endpoints = { service: 'Private Link', unit: 'endpoint hours', quantity: privateEndpoints * hours }
  const site = { service: 'Static Web Apps', unit: staticWebApp.tier, quantity: share }
  return [
    {
      ...{ service: 'Key Vault', unit: '10,000 operations', quantity: use.vaultOperations / 1e4 },
      price: prices.vault.tenThousandOperations,
    },
    ...(privateEndpoints > 0 ? [{ ...endpoints, price: prices.privateEndpointHour }] : []),
    { ...site, price: prices.staticWebAppMonth[staticWebApp.tier] },
  ]
}
