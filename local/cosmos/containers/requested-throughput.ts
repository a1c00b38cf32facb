import { badRequest } from '../errors.ts'
import type { Call } from '../http.ts'
import { isObject, type Json } from '../json.ts'
import { checkThroughput, type Offer, type Throughput } from './throughput.ts'

/**
 * The throughput asked for at a creation; undefined when there is none.
 * @throws CosmosError 400 for one that Azure would not provision
 */
export function throughputHeader(call: Call): Throughput | undefined {
  const manual = call.header('x-ms-offer-throughput')
  const autoscale = call.header('x-ms-cosmos-offer-autopilot-settings')
  if (manual !== undefined && autoscale !== undefined) {
    throw badRequest('x-ms-offer-throughput and x-ms-cosmos-offer-autopilot-settings cannot be given together.')
  }
  if (manual !== undefined) return checkThroughput({ type: 'manual', requestUnits: Number(manual) })
  if (autoscale === undefined) return undefined
  const settings = parsed(autoscale)
  const maximum = isObject(settings) ? settings.maxThroughput : undefined
  return checkThroughput({ type: 'autoscale', maxRequestUnits: Number(maximum) })
}

/**
 * The throughput of a replaced offer's content. One way of provisioning changes into the other only where the request says so.
 * @throws CosmosError 400 for one that Azure would not provision
 */
export function replacedThroughput(call: Call, content: Json | undefined, before: Offer): Throughput {
  const settings = isObject(content) ? content.offerAutopilotSettings : undefined
  const autoscale = isObject(settings)
  const migrating = `x-ms-cosmos-migrate-offer-to-${autoscale ? 'autopilot' : 'manual-throughput'}`
  if (autoscale !== (before.throughput.type === 'autoscale') && call.header(migrating)?.toLowerCase() !== 'true') {
    throw badRequest(
      `An offer goes over to ${autoscale ? 'autoscale' : 'manual'} throughput only with ${migrating}: true.`,
    )
  }
  if (autoscale) return checkThroughput({ type: 'autoscale', maxRequestUnits: Number(settings.maxThroughput) }, before)
  return checkThroughput(
    { type: 'manual', requestUnits: Number(isObject(content) ? content.offerThroughput : undefined) },
    before,
  )
}

function parsed(header: string): Json {
  try {
    return JSON.parse(header)
  } catch (cause) {
    throw badRequest(`x-ms-cosmos-offer-autopilot-settings is not JSON: ${String(cause)}.`)
  }
}
