import type { z } from 'zod'
import type { Ports } from '../../ports.ts'
import { collections } from '../../schemas/collections.ts'
import { type Consent, ConsentAnswer, ConsentBody } from '../../schemas/consent.ts'
import { isGuest } from '../../schemas/ids.ts'
import { guestSeconds } from '../../schemas/profile.ts'
import { UserPath } from '../../schemas/requests.ts'
import type { Shop } from '../../serving/shop.ts'
import { access } from '../access.ts'
import { type Endpoint, endpoint } from '../endpoint.ts'
import { refuseErased } from '../refuse-erased.ts'

const path = '/api/users/{id}/consent'

export const putConsent = ({
  ports,
  shop,
}: {
  ports: Pick<Ports, 'documents' | 'clock'>
  shop: Pick<Shop, 'isErased' | 'held'>
}): Endpoint =>
  endpoint({
    name: 'consent-set',
    method: 'PUT',
    path,
    access: access.told,
    group: 'privacy',
    summary:
      'Keeps what a user, or a visitor as session:ID, allows: lists that go by what is known, and keeping what is done; both count from the next request on',
    input: { path: UserPath, body: ConsentBody },
    output: ConsentAnswer,
    refuses: ['unknown_user'],
    persons: ({ path }) => [{ userId: path.id }],
    run: async ({ path: { id: userId }, body }) => {
      await refuseErased(userId, shop)
      const consent: Consent = {
        ...{ id: 'consent', user_id: userId, updated_at: new Date(ports.clock()).toISOString() },
        ...body,
        ...(isGuest(userId) ? { ttl: guestSeconds } : {}),
      }
      await ports.documents.upsert(collections.consents, consent)
      shop.held.forget(userId)
      // Once this is answered, no instance may list by what was allowed before.
      await shop.held.forgottenEverywhere()
      return { body: answer(consent) }
    },
  })

export const getConsent = ({ ports }: { ports: Pick<Ports, 'documents'> }): Endpoint =>
  endpoint({
    name: 'consent',
    method: 'GET',
    path,
    access: access.personal,
    group: 'privacy',
    summary: 'What a user allows; who never told anything allows both',
    input: { path: UserPath },
    output: ConsentAnswer,
    persons: ({ path }) => [{ userId: path.id }],
    run: async ({ path: { id: userId } }) => {
      const stored = await ports.documents.read(collections.consents, { id: 'consent', partition: userId })
      if (stored) return { body: answer(stored.document) }
      return { body: { user_id: userId, personalization: true, tracking: true, updated_at: null } }
    },
  })

const answer = ({ id: _, ttl: __, ...told }: Consent): z.input<typeof ConsentAnswer> => told
