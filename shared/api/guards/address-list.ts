import { BlockList, isIPv6 } from 'node:net'
import { AppError } from '../../schemas/errors.ts'
import type { GuardSettings } from '../../schemas/settings/guards.ts'
import { isAdministrative } from '../access.ts'
import type { Guard } from '../handle.ts'

type Allowed = (address: string | undefined) => boolean

/** Lets in requests from listed addresses alone: one list for all routes, another for those of operators. */
export function addressList(settings: Pick<GuardSettings, 'ALLOWED_ADDRESSES' | 'ADMIN_ALLOWED_ADDRESSES'>): Guard {
  const everywhere = allowed(settings.ALLOWED_ADDRESSES)
  const administration = allowed(settings.ADMIN_ALLOWED_ADDRESSES)
  return (endpoint, next) => {
    const lists = isAdministrative(endpoint.access) ? [everywhere, administration] : [everywhere]
    return async request => {
      if (lists.every(isAllowed => isAllowed(request.address))) return next(request)
      throw new AppError('forbidden', `Requests from ${request.address ?? 'an unknown address'} are not let in here`)
    }
  }
}

/** An empty list allows all; another one, none that is unknown. */
function allowed(ranges: readonly string[]): Allowed {
  if (ranges.length === 0) return () => true
  const list = new BlockList()
  for (const range of ranges) {
    const [address = '', bits] = range.split('/')
    const family = familyOf(address)
    if (bits === undefined) list.addAddress(address, family)
    else list.addSubnet(address, Number(bits), family)
  }
  return address => address !== undefined && list.check(address, familyOf(address))
}

const familyOf = (address: string): 'ipv4' | 'ipv6' => (isIPv6(address) ? 'ipv6' : 'ipv4')
