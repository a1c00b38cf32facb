import type { z } from 'zod'
import type { Ports } from '../../ports.ts'
import { collections } from '../../schemas/collections.ts'
import { isGuest } from '../../schemas/ids.ts'
import { type Preferences, PreferencesAnswer, PreferencesBody } from '../../schemas/preferences.ts'
import { guestSeconds } from '../../schemas/profile.ts'
import { UserPath } from '../../schemas/requests.ts'
import type { Shop } from '../../serving/shop.ts'
import { access } from '../access.ts'
import { type Endpoint, endpoint } from '../endpoint.ts'
import { refuseErased } from '../refuse-erased.ts'

const path = '/api/users/{id}/preferences'
type Need = { ports: Pick<Ports, 'documents' | 'clock'>; shop: Pick<Shop, 'isErased' | 'held'> }

export const postPreferences = ({ ports, shop }: Need): Endpoint =>
  endpoint({
    name: 'preferences-set',
    method: 'POST',
    path,
    access: access.told,
    group: 'users',
    summary: 'Keeps what a user likes, in the place of what was told before',
    input: { path: UserPath, body: PreferencesBody },
    output: PreferencesAnswer,
    refuses: ['unknown_user'],
    persons: ({ path }) => [{ userId: path.id }],
    run: async ({ path: { id: userId }, body }) => {
      await refuseErased(userId, shop)
      const preferences: Preferences = {
        ...{ id: 'preferences', user_id: userId, updated_at: new Date(ports.clock()).toISOString() },
        ...body,
        ...(isGuest(userId) ? { ttl: guestSeconds } : {}),
      }
      await ports.documents.upsert(collections.preferences, preferences)
      shop.held.forget(userId)
      return { body: answer(preferences) }
    },
  })

export const getPreferences = ({ ports }: { ports: Pick<Ports, 'documents'> }): Endpoint =>
  endpoint({
    name: 'preferences',
    method: 'GET',
    path,
    access: access.personal,
    group: 'users',
    summary: 'What a user told to like; empty of who told nothing',
    input: { path: UserPath },
    output: PreferencesAnswer,
    headers: ['etag'],
    persons: ({ path }) => [{ userId: path.id }],
    run: async ({ path: { id: userId } }) => {
      const key = { id: 'preferences', partition: userId }
      const stored = await ports.documents.read(collections.preferences, key)
      if (stored) return { body: answer(stored.document) }
      return { body: { ...PreferencesBody.parse({}), user_id: userId, updated_at: null } }
    },
  })

const answer = ({ id: _, ttl: __, ...told }: Preferences): z.input<typeof PreferencesAnswer> => told
