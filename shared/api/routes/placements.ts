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
import { checkPreconditions, entityTag } from '../if-match.ts'
import type { ApiRequest } from '../request.ts'

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
    headers: ['etag'],
    run: async () => {
      const stored = await ports.documents.read(collections.placements, { id: 'placements', partition: 'placements' })
      const items = placementNames.map(name => placementAnswer(name, stored?.document.placements))
      return { headers: { etag: entityTag(stored?.etag ?? unset) }, body: { items, next_cursor: null } }
    },
  })

/** All placements have one version: that of the document which holds those that were set. */
const unset = 'unset'
const checkOf = (request: ApiRequest) => (version: string | undefined) => checkPreconditions(request, version ?? unset)

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
    headers: ['etag'],
    refuses: ['precondition_failed'],
    run: async ({ path: { name }, body }, request) => {
      const check = checkOf(request)
      const { settings, version } = await setPlacement(name, body, { documents: ports.documents, check })
      ports.log.info({ stage: 'placements', set: name })
      return { headers: { etag: entityTag(version) }, body: placementAnswer(name, settings.placements) }
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
    headers: ['etag'],
    refuses: ['precondition_failed'],
    run: async ({ path: { name } }, request) => {
      const check = checkOf(request)
      const { settings, version } = await setPlacement(name, undefined, { documents: ports.documents, check })
      ports.log.info({ stage: 'placements', reset: name })
      return { headers: { etag: entityTag(version) }, body: placementAnswer(name, settings.placements) }
    },
  })

function placementAnswer(
  name: PlacementName,
  own: PlacementSettings['placements'] = {},
): z.input<typeof PlacementAnswer> {
  const byDefault = defaultPlacements[name]
  return { name, is_default: own[name] === undefined, settings: own[name] ?? byDefault, default: byDefault }
}
