import type { Ports } from '../../ports.ts'
import { readGenerations } from '../../publishing/generations.ts'
import { readLivePointer } from '../../publishing/live-pointer.ts'
import { rollBack } from '../../publishing/roll-back.ts'
import { ModelList, RolledBack } from '../../schemas/answers.ts'
import type { LivePointer } from '../../schemas/published.ts'
import { ModelsQuery, RollbackBody } from '../../schemas/requests.ts'
import { access } from '../access.ts'
import { type Endpoint, endpoint } from '../endpoint.ts'

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
      const items = newest.map(({ id, generation, run_id: job, generated_at, parameters, counts }) => ({
        ...{ model_version: id, generation, job, generated_at, state: stateOf(generation, live), parameters, counts },
      }))
      return { body: { items, next_cursor: null } }
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
      ports.log.info({ stage: 'rollback', rolledBack, to: model_version, from: from?.model_version })
      return {
        body: { rolled_back: rolledBack, model_version, generation, generated_at, from: from?.model_version ?? null },
      }
    },
  })

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
