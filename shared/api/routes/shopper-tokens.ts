import type { Ports } from '../../ports.ts'
import { guestId } from '../../schemas/ids.ts'
import { ShopperToken, ShopperTokenBody } from '../../schemas/shopper-tokens.ts'
import { access } from '../access.ts'
import { type Endpoint, endpoint } from '../endpoint.ts'

export const createShopperToken = ({ ports }: { ports: Pick<Ports, 'tokens' | 'clock'> }): Endpoint =>
  endpoint({
    name: 'shopper-token',
    method: 'POST',
    path: '/api/shopper-tokens',
    access: access.write,
    group: 'service',
    summary: 'A token for a shopper’s browser or app: it opens what is the shopper’s own, and the catalogue',
    isSafe: true,
    showsSecret: true,
    input: { body: ShopperTokenBody },
    output: ShopperToken,
    persons: ({ body }) => [{ userId: body.user_id, sessionId: body.session_id }],
    run: async ({ body: { user_id: user, session_id: session, seconds } }) => {
      const userId = user ?? guestId(session ?? '')
      const expiresAtMs = ports.clock() + seconds * 1000
      const token = await ports.tokens.signShopper({ userId, sessionId: session }, seconds)
      return {
        body: { token, user_id: userId, session_id: session ?? null, expires_at: new Date(expiresAtMs).toISOString() },
      }
    },
  })
