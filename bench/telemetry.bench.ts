import { azureTelemetry } from '../shared/adapters/azure/telemetry.ts'
import { observe } from '../shared/api/guards/observe.ts'
import { secureHeaders } from '../shared/api/guards/secure-headers.ts'
import { authorize, type Handler, handler } from '../shared/api/handle.ts'
import { impressionLog } from '../shared/api/lists/impression-log.ts'
import { userRecommendations } from '../shared/api/routes/recommendations.ts'
import type { Telemetry } from '../shared/ports.ts'
import { shop as servedShop } from '../shared/serving/shop.ts'
import { answeringShop } from '../tests/api-by-hand.ts'
import { apiRequest } from '../tests/api-request.ts'
import { hourMs } from '../tests/served-shop.ts'
import type { Bench } from './report.ts'
import { fourDigits, spread } from './spread.ts'

const answersARound = 200
const rounds = 60
const warmUps = 10

/** Tells nothing, and costs nothing. */
const silent: Telemetry = {
  count: () => undefined,
  gauge: () => undefined,
  observe: () => undefined,
  span: (_name, _of, work) => work(),
  traceparent: () => undefined,
  exposition: async () => '',
}

/**
 * What telemetry adds to a list that is made anew, in processor time: rounds of the same answers with the app's telemetry and with one
 * that does nothing, in turn. In process and in memory: the goal of 3 % is of a whole answer, whose processor time `serve` measures.
 */
export const telemetryBench: Bench = async step => {
  step('a shop, twice')
  const told = azureTelemetry({ share: 0.05, slowMs: 500 })
  let kept = 0
  told.keep(() => {
    kept += 1
  })
  const [withIt, without] = [await answering(told), await answering(silent)]
  const inContext = () => told.invocation({ trigger: 'http' }, () => round(withIt))
  const times = { told: [] as number[], silent: [] as number[] }
  step(`${rounds} rounds of ${answersARound} answers each`)
  for (let turn = 0; turn < warmUps + rounds; turn++) {
    // Who comes first does so in turn: what one leaves behind to collect, the other pays.
    const pair = [['told', inContext] as const, ['silent', () => round(without)] as const]
    for (const [name, run] of turn % 2 === 0 ? pair : pair.reverse()) {
      const before = process.cpuUsage()
      await run()
      const { user, system } = process.cpuUsage(before)
      if (turn >= warmUps) times[name].push((user + system) / answersARound)
    }
  }
  const [ours, bare] = [spread(times.told), spread(times.silent)]
  const added = fourDigits(ours.median / bare.median - 1)
  return [
    {
      ...{ case: 'a list of 10, processor time an answer', sidecart: { ...ours, unit: 'µs' }, peers: { silent: bare } },
      ratio: { silent: fourDigits(ours.median / bare.median) },
      quality: { added_us: fourDigits(ours.median - bare.median), added_share: added, spans_kept: kept },
    },
  ]
}

async function answering(telemetry: Telemetry): Promise<Handler> {
  const { ports: memory } = await answeringShop()
  const ports = { ...memory, telemetry, clock: Date.now }
  const shop = servedShop(ports, { halfLifeMs: hourMs })
  const route = userRecommendations({ ports, shop, impressions: impressionLog(ports) })
  return handler(route, [observe(ports), secureHeaders, authorize], ports.log)
}

async function round(answer: Handler): Promise<void> {
  for (let call = 0; call < answersARound; call++) {
    const { status, body } = await answer(
      apiRequest({ path: { id: 'anna' }, query: { limit: '10', price_max: '100' } }),
    )
    if (status !== 200) throw new Error(`A list was answered ${status}: ${body}`)
  }
}
