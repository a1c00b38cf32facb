import { AppError } from '../schemas/errors.ts'
import type { Role, Shopper } from '../schemas/identity.ts'
import { guestId } from '../schemas/ids.ts'
import type { Caller } from './caller.ts'

/** Who may call a route. */
export interface Access {
  /** One of these roles is enough; `anyone` needs no identity at all. */
  roles: readonly Role[] | 'anyone'
  /** Whether shoppers may: about `any` thing that is no person, or only about their `own` person. */
  shopper?: 'any' | 'own'
}

export const access = {
  anyone: { roles: 'anyone', shopper: 'any' },
  /** What says nothing of any person. */
  catalogue: { roles: ['reader'], shopper: 'any' },
  /** What says something of a person. */
  personal: { roles: ['reader'], shopper: 'own' },
  /** What a person does or tells. */
  told: { roles: ['writer'], shopper: 'own' },
  /** What says something of many people at once. */
  many: { roles: ['reader', 'operator'] },
  write: { roles: ['writer'] },
  operate: { roles: ['operator'] },
  administer: { roles: ['admin'] },
  privacy: { roles: ['privacy'] },
  /** All that is kept of a person, for that person. */
  ownData: { roles: ['privacy'], shopper: 'own' },
} as const satisfies Record<string, Access>

/** Someone a request is about: every id it names. */
export interface Person {
  userId?: string | undefined
  sessionId?: string | undefined
}

const included: Readonly<Record<Role, readonly Role[]>> = {
  reader: ['reader', 'admin'],
  writer: ['writer', 'admin'],
  operator: ['operator', 'admin'],
  admin: ['admin'],
  privacy: ['privacy'],
}

/**
 * Refuses who may not call the route at all, before anything of the request is read.
 * @throws AppError `unauthenticated`, `forbidden`
 */
export function checkRole(caller: Caller, { roles, shopper }: Access): void {
  if (roles === 'anyone') return
  switch (caller.kind) {
    case 'anonymous':
      throw new AppError('unauthenticated', 'This needs a bearer token or a service key: see /docs')
    case 'shopper':
      if (shopper !== undefined) return
      throw new AppError('forbidden', 'A shopper’s token does not open this')
    case 'service':
      if (roles.some(role => holdsRole(caller, role))) return
      throw new AppError('forbidden', `This needs the role ${roles.join(' or ')}`)
  }
}

/** Whether the caller has the role, itself or by one that includes it. */
export const holdsRole = (caller: Caller, role: Role): boolean =>
  caller.kind === 'service' && included[role].some(each => caller.roles.has(each))

/**
 * Refuses a shopper who asks about another person. It is the same for people who exist and who do not, as nothing was
 * looked up before.
 * @throws AppError `forbidden`
 */
export function checkPersons(caller: Caller, { roles, shopper }: Access, persons: readonly Person[]): void {
  if (caller.kind !== 'shopper' || roles === 'anyone' || shopper === 'any') return
  if (persons.length > 0 && persons.every(person => isOwn(caller, person))) return
  throw new AppError('forbidden', 'A shopper’s token opens only what is the shopper’s own')
}

function isOwn(shopper: Shopper, { userId, sessionId }: Person): boolean {
  const session = shopper.sessionId
  const isOwnUser =
    userId === undefined || userId === shopper.userId || (session !== undefined && userId === guestId(session))
  const isOwnSession = sessionId === undefined || sessionId === session || guestId(sessionId) === shopper.userId
  return isOwnUser && isOwnSession
}

const administrative: ReadonlySet<Role> = new Set(['operator', 'admin', 'privacy'])

/** Whether only those who run the shop, or look after people's data, may call it. */
export const isAdministrative = ({ roles, shopper }: Access): boolean =>
  shopper === undefined && roles !== 'anyone' && roles.every(role => administrative.has(role))
