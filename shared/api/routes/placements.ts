import type { z } from 'zod'
import type { Ports } from '../../ports.ts'
import { PlacementAnswer, PlacementList } from '../../schemas/answers.ts'
import { collections } from '../../schemas/collections.ts'
import { type PlacementName, type PlacementSettings, placementNames } from '../../schemas/placements.ts'
import { PlacementPath } from '../../schemas/requests.ts'
import { CheckedPlacement } from '../../serving/business-rules/checked-placement.ts'
import { defaultPlacements } from '../../serving/default-placements.ts'
import { setPlacement } from '../../serving/set-placement.ts'
import { access } from '../access.ts'
import { type Endpoint, endpoint } from '../endpoint.ts'

type Need = { ports: Pick<Ports, 'documents' | 'log'> }

export const listPlacements = ({ ports }: Need): Endpoint =>
  endpoint({
    name: 'placements',
    method: 'GET',
    path: '/api/placements',
    access: access.operate,
    group: 'configuration',
    summary: 'How the lists of each placement are made: as it is in force, and the app’s default',
    output: PlacementList,
    run: async () => {
      const stored = await ports.documents.read(collections.placements, { id: 'placements', partition: 'placements' })
      const items = placementNames.map(name => placementAnswer(name, stored?.document.placements))
      return { body: { items, next_cursor: null } }
    },
  })

/** Blocked items alone may be 10,000 ids of up to 128 characters. */
const bodyLimitBytes = 2 * 1024 * 1024

export const putPlacement = ({ ports }: Need): Endpoint =>
  endpoint({
    name: 'placement-set',
    method: 'PUT',
    path: '/api/placements/{name}',
    access: access.administer,
    group: 'configuration',
    summary: 'Sets how the lists of a placement are made; what is left out is as in the schema, not as it was',
    input: { path: PlacementPath, body: CheckedPlacement, bodyLimitBytes },
    output: PlacementAnswer,
    run: async ({ path: { name }, body }) => {
      const { placements } = await setPlacement(name, body, ports)
      ports.log.info({ stage: 'placements', set: name })
      return { body: placementAnswer(name, placements) }
    },
  })

export const deletePlacement = ({ ports }: Need): Endpoint =>
  endpoint({
    name: 'placement-reset',
    method: 'DELETE',
    path: '/api/placements/{name}',
    access: access.administer,
    group: 'configuration',
    summary: 'Brings a placement back to the app’s default',
    input: { path: PlacementPath },
    output: PlacementAnswer,
    run: async ({ path: { name } }) => {
      const { placements } = await setPlacement(name, undefined, ports)
      ports.log.info({ stage: 'placements', reset: name })
      return { body: placementAnswer(name, placements) }
    },
  })

function placementAnswer(
  name: PlacementName,
  own: PlacementSettings['placements'] = {},
): z.input<typeof PlacementAnswer> {
  const byDefault = defaultPlacements[name]
  return { name, is_default: own[name] === undefined, settings: own[name] ?? byDefault, default: byDefault }
}
