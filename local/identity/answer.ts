interface Answer {
  status?: number
  type?: string
  body: string
}

/** Who signs. */
export interface Signer {
  /** What it signs as, and where it is. */
  issuer: string
  token(roles: readonly string[]): Promise<string>
  shopperToken(shopper: { user?: string | undefined; session?: string | undefined }): Promise<string>
  /** Signs by a new key from then on, and forgets the one before. */
  rotate(): Promise<void>
}

type Asked = Signer & { keys(): string }

/** All that the app knows. */
const appRoles = ['reader', 'writer', 'operator', 'admin', 'privacy']
const json = 'application/json'

const help = `A stand-in for Entra ID on this machine.

  GET  /token?role=admin&role=privacy   a token of a service or a person with these app roles: ${appRoles.join(', ')}
  GET  /token?user=ID[&session=ID]      a token of a shopper; ?session=ID alone is a visitor's
  POST /rotate                          signs by a new key from then on
  GET  /.well-known/openid-configuration, /keys
`

/** What the stand-in answers: `route` is a method and a path with its query. */
export async function answer(route: string, host: string, identity: Asked): Promise<Answer> {
  // A page of the open internet that names this address its own would otherwise read tokens.
  if (!/^(127\.0\.0\.1|localhost)(:\d+)?$/.test(host)) return { status: 403, body: `Not as ${host}\n` }
  const { issuer } = identity
  const [place = '', search] = route.split('?', 2)
  switch (place) {
    case 'GET /.well-known/openid-configuration':
      return { type: json, body: JSON.stringify({ issuer, jwks_uri: `${issuer}/keys` }) }
    case 'GET /keys':
      return { type: json, body: identity.keys() }
    case 'POST /rotate':
      await identity.rotate()
      return { body: '' }
    case 'GET /token':
      return tokenAnswer(new URLSearchParams(search), identity)
    default:
      return { status: place === 'GET /' ? 200 : 404, body: help }
  }
}

async function tokenAnswer(query: URLSearchParams, { token, shopperToken }: Asked): Promise<Answer> {
  const [user, session] = [query.get('user') ?? undefined, query.get('session') ?? undefined]
  if (user !== undefined || session !== undefined) return { body: await shopperToken({ user, session }) }
  const roles = query.getAll('role')
  const unknown = roles.find(role => !appRoles.includes(role))
  if (unknown === undefined) return { body: await token(roles) }
  return { status: 400, body: `There is no role ${unknown}: it must be one of ${appRoles.join(', ')}\n` }
}
