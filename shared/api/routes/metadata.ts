import { codeVersion } from '../../lake/code-version.ts'
import type { Ports } from '../../ports.ts'
import type { Jobs } from '../../runs/stage.ts'
import { collections } from '../../schemas/collections.ts'
import { placementNames } from '../../schemas/placements.ts'
import type { Generation, LivePointer } from '../../schemas/published.ts'
import { JobKind } from '../../schemas/run.ts'
import { Metadata } from '../../schemas/service.ts'
import { defaultPlacements } from '../../serving/default-placements.ts'
import type { Shop } from '../../serving/shop.ts'
import { access } from '../access.ts'
import { type Endpoint, endpoint } from '../endpoint.ts'
import { readLineage } from '../lists/model-lineage.ts'

type Need = { shop: Shop; ports: Pick<Ports, 'documents' | 'blobs' | 'sha256'>; jobs: Jobs }

export const metadata = ({ shop, ports, jobs }: Need): Endpoint =>
  endpoint({
    name: 'metadata',
    method: 'GET',
    path: '/api/metadata',
    access: access.catalogue,
    group: 'service',
    summary: 'What this is: the app’s version, the live model, when and on what it was trained, counts, placements',
    output: Metadata,
    run: async () => {
      const [live, catalogue, placements] = await Promise.all([shop.live(), shop.catalogue(), shop.placements()])
      const generation = live && (await generationOf(live, ports))
      const lineage = generation && (await readLineage(generation, ports))
      const trained = generation?.certificate?.fitted_at ?? lineage?.fit?.at ?? generation?.generated_at
      return {
        body: {
          version: codeVersion,
          model_version: live?.model_version ?? null,
          generation: live?.generation ?? null,
          generated_at: live?.generated_at ?? null,
          trained_at: trained ?? null,
          data_until: live ? new Date(live.data_until).toISOString() : null,
          source_paths: (lineage?.training ?? []).map(({ table, version }) => `${table}@${version}`),
          counts: {
            products: catalogue.items.size,
            categories: catalogue.categories.length,
            model: generation?.counts ?? {},
          },
          capabilities: {
            published_lists: live !== undefined,
            fold_in: live !== undefined && shop.model(live) !== undefined,
            segments: (generation?.segments?.length ?? 0) > 0,
          },
          jobs: JobKind.options.filter(kind => jobs[kind] !== undefined),
          placements: placementNames.map(name => {
            const { sources, exploration, log_impressions } = placements[name]
            const is_default = placements[name] === defaultPlacements[name]
            return { name, is_default, sources: sources.map(({ source }) => source), exploration, log_impressions }
          }),
        },
      }
    },
  })

async function generationOf(
  { model_version: version }: LivePointer,
  { documents }: Pick<Ports, 'documents'>,
): Promise<Generation | undefined> {
  return (await documents.read(collections.generations, { id: version, partition: version }))?.document
}
