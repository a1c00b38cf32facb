import type { z } from 'zod'
import type { Ports } from '../../ports.ts'
import { readLivePointer } from '../../publishing/live-pointer.ts'
import { type Dependency, Health } from '../../schemas/answers.ts'
import type { Shop } from '../../serving/shop.ts'
import { access } from '../access.ts'
import { type Endpoint, endpoint } from '../endpoint.ts'

export const health = ({
  shop,
  ports,
}: {
  shop: Shop
  ports: Pick<Ports, 'documents' | 'blobs' | 'clock' | 'log' | 'telemetry'>
}): Endpoint =>
  endpoint({
    name: 'health',
    method: 'GET',
    path: '/health',
    access: access.anyone,
    group: 'service',
    summary: 'Live, ready (a catalogue and a published generation are there), and each dependency; 503 when not ready',
    output: Health,
    alsoAnswers: [503],
    run: async () => {
      const { documents, blobs } = ports
      const [cosmos, storage] = await Promise.all([
        probe('cosmos', () => readLivePointer(documents), ports),
        probe('storage', () => firstOf(blobs.list('landing/')), ports),
      ])
      const dependencies = { cosmos, storage }
      const reachable = cosmos.ok && storage.ok
      const live = cosmos.ok ? await shop.live() : undefined
      // Who asks for health wants lists soon: the model is loaded in the background.
      if (live) shop.model(live)
      const products = cosmos.ok ? (await shop.catalogue()).items.size : 0
      const ready = reachable && live !== undefined && products > 0
      const body: z.infer<typeof Health> = {
        status: ready ? 'ok' : reachable ? 'starting' : 'degraded',
        live: true,
        ready,
        dependencies,
        products,
        model_version: live?.model_version ?? null,
        generated_at: live?.generated_at ?? null,
      }
      return { status: ready ? 200 : 503, body }
    },
  })

/** The answer is public, so that it says only that a dependency failed; why is in the log. */
async function probe(
  dependency: 'cosmos' | 'storage',
  ask: () => Promise<unknown>,
  { clock, log, telemetry }: Pick<Ports, 'clock' | 'log' | 'telemetry'>,
): Promise<z.infer<typeof Dependency>> {
  const started = clock()
  try {
    await ask()
    telemetry.gauge('dependency_up', { dependency }, 1)
    return { ok: true, latency_ms: clock() - started }
  } catch (cause) {
    telemetry.gauge('dependency_up', { dependency }, 0)
    log.error({ stage: 'health', dependency, error: cause instanceof Error ? cause.message : String(cause) })
    return { ok: false, latency_ms: clock() - started, error: 'does not answer' }
  }
}

async function firstOf<T>(list: AsyncIterable<T>): Promise<T | undefined> {
  for await (const first of list) return first
  return undefined
}
