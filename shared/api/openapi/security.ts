import type { Access } from '../access.ts'

type Requirement = Record<string, string[]>

/** How a request can prove who asks. */
export const securitySchemes = {
  entra: {
    ...{ type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
    description: 'A token of Microsoft Entra ID for this API. Its app roles say what it opens.',
  },
  shopper: {
    ...{ type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
    description: 'A token that the shop signs for one shopper, or one visitor’s session: it opens what is theirs.',
  },
  key: {
    ...{ type: 'apiKey', in: 'header', name: 'x-api-key' },
    description: 'A service key, from server to server. It has roles of its own.',
  },
} as const

/** The ways into an endpoint, any one of which is enough; none is asked of what is open to anyone. */
export function securityOf({ roles, shopper }: Access): Requirement[] {
  if (roles === 'anyone') return []
  const named = [...roles]
  return [{ entra: named }, { key: named }, ...(shopper === undefined ? [] : [{ shopper: [] }])]
}

/** Who may call it, in words. */
export function accessText({ roles, shopper }: Access): string {
  if (roles === 'anyone') return 'Open to anyone.'
  const shoppers = { any: ', or any shopper', own: ', or the shopper it is about' }
  return `Needs the role ${roles.join(' or ')}${shopper === undefined ? '' : shoppers[shopper]}.`
}
