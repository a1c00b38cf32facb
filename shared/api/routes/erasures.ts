import type { Ports } from '../../ports.ts'
import { certificatePath } from '../../privacy/erasure/certificate-stage.ts'
import { openErasures, readErasure } from '../../privacy/erasure/open-erasures.ts'
import { requestErasure } from '../../privacy/erasure/request-erasure.ts'
import { startErasures } from '../../privacy/erasure/start-erasures.ts'
import { liftTombstone } from '../../privacy/tombstones/lift-tombstone.ts'
import type { Jobs } from '../../runs/stage.ts'
import { collections } from '../../schemas/collections.ts'
import { type Erasure, ErasureCertificate } from '../../schemas/erasure.ts'
import { AppError } from '../../schemas/errors.ts'
import {
  CertifiedErasure,
  ErasureAnswer,
  ErasureBody,
  ErasureList,
  ErasurePath,
  ErasuresQuery,
  LiftedTombstone,
} from '../../schemas/privacy-answers.ts'
import { UserPath } from '../../schemas/requests.ts'
import { access } from '../access.ts'
import type { Caller } from '../caller.ts'
import { type Endpoint, endpoint } from '../endpoint.ts'
import { newestPage } from '../lists/newest-page.ts'

type Need = { ports: Ports; jobs: Jobs; pseudonymKey: string }

export const requestErasureOf = ({ ports, jobs, pseudonymKey }: Need): Endpoint =>
  endpoint({
    name: 'erasure-request',
    method: 'POST',
    path: '/api/privacy/erasures',
    access: access.privacy,
    group: 'privacy',
    summary:
      'Erases a person from every store: from now on nothing more is taken in, and a job removes what there is; asked again before it is done, it is the same erasure',
    input: { body: ErasureBody },
    status: 202,
    output: ErasureAnswer,
    run: async ({ body: { user_id: userId } }, { caller }) => {
      const { id } = await requestErasure({ userId, requestedBy: nameOf(caller), pseudonymKey }, ports)
      const run = await startErasures('http', { jobs, ports })
      const erasure = await knownErasure(id, ports)
      return { body: { ...erasureAnswer(erasure), job: erasure.run_id ?? run?.run_id ?? null } }
    },
  })

export const listErasures = ({ ports }: Pick<Need, 'ports'>): Endpoint =>
  endpoint({
    name: 'erasures',
    method: 'GET',
    path: '/api/privacy/erasures',
    access: access.privacy,
    group: 'privacy',
    summary: 'Erasures, the newest first, without the ids of people',
    input: { query: ErasuresQuery },
    output: ErasureList,
    run: async ({ query: { limit, cursor, status } }) => {
      const idOf = ({ id }: Erasure) => id
      const wanted = { partition: 'erasure', equal: { status }, newestBy: 'requested_at', idOf, limit, cursor } as const
      const { shown, next_cursor } = await newestPage(collections.erasures, wanted, ports.documents)
      return { body: { items: shown.map(erasureAnswer), next_cursor } }
    },
  })

export const oneErasure = ({ ports }: Pick<Need, 'ports'>): Endpoint =>
  endpoint({
    name: 'erasure',
    method: 'GET',
    path: '/api/privacy/erasures/{id}',
    access: access.privacy,
    group: 'privacy',
    summary:
      'How far an erasure is, and when it is done its certificate: every store with what was found, removed and found again, and what is gone only later',
    input: { path: ErasurePath },
    output: CertifiedErasure,
    refuses: ['not_found'],
    run: async ({ path: { id } }) => {
      const erasure = await knownErasure(id, ports)
      const bytes = await ports.blobs.read(certificatePath(id))
      const certificate = bytes ? ErasureCertificate.parse(JSON.parse(new TextDecoder().decode(bytes))) : null
      return { body: { ...erasureAnswer(erasure), certificate } }
    },
  })

export const liftTombstoneOf = ({ ports, pseudonymKey }: Pick<Need, 'ports' | 'pseudonymKey'>): Endpoint =>
  endpoint({
    name: 'tombstone-lift',
    method: 'DELETE',
    path: '/api/privacy/tombstones/{id}',
    access: access.privacy,
    group: 'privacy',
    summary: 'Lets an erased person come back under the same id: what happens from now on is kept again',
    input: { path: UserPath },
    output: LiftedTombstone,
    refuses: ['unknown_user', 'job_running'],
    run: async ({ path: { id: userId } }) => {
      const open = await openErasures(ports.documents)
      if (open.some(({ user_ids: ids = [] }) => ids.includes(userId))) {
        throw new AppError(
          'job_running',
          'The user is being erased: wait until that is done, see /api/privacy/erasures',
        )
      }
      const lifted = await liftTombstone(userId, pseudonymKey, ports)
      if (!lifted?.lifted_at) {
        throw new AppError('unknown_user', 'Nobody of this id was erased, or the tombstone is lifted already', [
          { code: 'unknown', field: 'id', value: userId, reason: 'was not erased' },
        ])
      }
      const { erased_at, lifted_at } = lifted
      return { body: { user_id: userId, erased_at, lifted_at } }
    },
  })

const nameOf = (caller: Caller): string => (caller.kind === 'service' ? caller.id : caller.kind)

async function knownErasure(id: string, { documents }: Pick<Ports, 'documents'>): Promise<Erasure> {
  const erasure = await readErasure(id, documents)
  if (erasure) return erasure
  throw new AppError('not_found', `There is no erasure ${id}: see /api/privacy/erasures`, [
    { code: 'unknown', field: 'id', value: id, reason: 'is not known' },
  ])
}

const erasureAnswer = ({ id, pseudonym, status, requested_at, requested_by, ...rest }: Erasure): ErasureAnswer => ({
  ...{ erasure: id, pseudonym, status, requested_at, requested_by, job: rest.run_id ?? null },
  completed_at: rest.completed_at ?? null,
  certificate_sha256: rest.certificate_sha256 ?? null,
})
