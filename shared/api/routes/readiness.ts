import type { Ports } from '../../ports.ts'
import { Liveness, Readiness, type ReadinessPart } from '../../schemas/service.ts'
import type { Shop } from '../../serving/shop.ts'
import { access } from '../access.ts'
import { type Endpoint, endpoint } from '../endpoint.ts'

export const liveness = (): Endpoint =>
  endpoint({
    name: 'health-live',
    method: 'GET',
    path: '/health/live',
    access: access.anyone,
    group: 'service',
    summary: 'That the process runs: no dependency is asked, so that none makes a supervisor restart what is well',
    output: Liveness,
    run: async () => ({ body: { status: 'ok' as const, live: true as const } }),
  })

export const readiness = ({ shop, ports: { log } }: { shop: Shop; ports: Pick<Ports, 'log'> }): Endpoint =>
  endpoint({
    name: 'health-ready',
    method: 'GET',
    path: '/health/ready',
    access: access.anyone,
    group: 'service',
    summary:
      'Whether this instance should be sent requests: a catalogue, published lists, the model in memory; 503 until then',
    output: Readiness,
    alsoAnswers: [503],
    run: async () => {
      const part = (name: keyof Readiness['parts'], look: () => Promise<ReadinessPart>) => looked(name, look, log)
      const [catalogue, published, model] = await Promise.all([
        part('catalogue', async () => {
          const { size } = (await shop.catalogue()).items
          return { ok: size > 0, detail: `${size} products` }
        }),
        part('published', async () => {
          const live = await shop.live()
          return { ok: live !== undefined, detail: live?.model_version ?? 'nothing is published yet' }
        }),
        part('model', async () => {
          const live = await shop.live()
          // Who asks wants lists soon: a model that is not there yet is being loaded from now on.
          const held = live && shop.model(live)
          return { ok: held !== undefined, detail: held?.version ?? 'is not in memory yet' }
        }),
      ])
      const ready = catalogue.ok && published.ok && model.ok
      const body: Readiness = { status: ready ? 'ok' : 'starting', ready, parts: { catalogue, published, model } }
      return { status: ready ? 200 : 503, body }
    },
  })

/** The answer is public: why something cannot be read is in the log alone. */
async function looked(name: string, look: () => Promise<ReadinessPart>, log: Ports['log']): Promise<ReadinessPart> {
  try {
    return await look()
  } catch (cause) {
    log.error({ stage: 'health', part: name, error: cause instanceof Error ? cause.message : String(cause) })
    return { ok: false, detail: 'cannot be read' }
  }
}
