import type { Ports } from '../../ports.ts'
import { readGenerations } from '../../publishing/generations.ts'
import { readLivePointer } from '../../publishing/live-pointer.ts'
import { rollBack } from '../../publishing/roll-back.ts'
import { ModelList, RolledBack } from '../../schemas/answers.ts'
import { collections } from '../../schemas/collections.ts'
import { AppError } from '../../schemas/errors.ts'
import type { Generation, LivePointer } from '../../schemas/published.ts'
import { ModelsQuery, RollbackBody } from '../../schemas/requests.ts'
import { ModelDetails, ModelPath } from '../../schemas/service.ts'
import { access } from '../access.ts'
import { type Endpoint, endpoint } from '../endpoint.ts'
import { readLineage } from '../lists/model-lineage.ts'

type Need = { ports: Ports }

export const listModels = ({ ports }: Need): Endpoint =>
  endpoint({
    name: 'models',
    method: 'GET',
    path: '/api/models',
    access: access.operate,
    group: 'models',
    summary: 'Published models, the newest first: which is live, and which one can go back to',
    input: { query: ModelsQuery },
    output: ModelList,
    run: async ({ query }) => {
      const live = await readLivePointer(ports.documents)
      const newest = (await readGenerations(ports.documents)).slice(0, query.limit)
      const items = newest.map(generation => modelAnswer(generation, live))
      return { body: { items, next_cursor: null } }
    },
  })

export const oneModel = ({ ports }: Need): Endpoint =>
  endpoint({
    name: 'model',
    method: 'GET',
    path: '/api/models/{version}',
    access: access.operate,
    group: 'models',
    summary:
      'A published model: parameters, counts, certificate, and its lineage: the tables it was trained on, the fit it adds to',
    input: { path: ModelPath },
    output: ModelDetails,
    refuses: ['not_found'],
    run: async ({ path: { version } }) => {
      const [live, stored] = await Promise.all([
        readLivePointer(ports.documents),
        ports.documents.read(collections.generations, { id: version, partition: version }),
      ])
      if (!stored) throw unknownModel(version)
      const { certificate = null, segments = [] } = stored.document
      const lineage = (await readLineage(stored.document, ports)) ?? null
      return { body: { ...modelAnswer(stored.document, live), certificate, segments, lineage } }
    },
  })

export const rollbackModel = ({ ports }: Need): Endpoint =>
  endpoint({
    name: 'models-rollback',
    method: 'POST',
    path: '/api/models/rollback',
    access: access.operate,
    group: 'models',
    summary:
      'Makes the model before the live one live again; `from` names the one to leave, and a repeat changes nothing',
    input: { body: RollbackBody },
    output: RolledBack,
    refuses: ['nothing_to_roll_back', 'not_live'],
    run: async ({ body }) => {
      const { live, rolledBack } = await rollBack({ from: body?.from }, ports)
      const { model_version, generation, generated_at, rolled_back: from } = live
      const event = rolledBack ? ({ event: 'rolled_back' } as const) : {}
      ports.log.info({ ...event, stage: 'rollback', rolledBack, model_version, from: from?.model_version })
      return {
        body: { rolled_back: rolledBack, model_version, generation, generated_at, from: from?.model_version ?? null },
      }
    },
  })

function modelAnswer(
  { id, generation, run_id: job, generated_at, parameters, counts }: Generation,
  live: LivePointer | undefined,
) {
  return { model_version: id, generation, job, generated_at, state: stateOf(generation, live), parameters, counts }
}

function unknownModel(version: string): AppError {
  return new AppError('not_found', `There is no model ${version}: see /api/models`, [
    { code: 'unknown', field: 'version', value: version, reason: 'is not known' },
  ])
}

function stateOf(generation: number, live: LivePointer | undefined): 'live' | 'previous' | 'rolled_back' | 'past' {
  switch (generation) {
    case live?.generation:
      return 'live'
    case live?.previous?.generation:
      return 'previous'
    case live?.rolled_back?.generation:
      return 'rolled_back'
    default:
      return 'past'
  }
}
