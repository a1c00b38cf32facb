import type { Ports } from '../../ports.ts'
import type { GuardSettings } from '../../schemas/settings/guards.ts'
import type { Guard } from '../handle.ts'
import { addressList } from './address-list.ts'
import { deprecation } from './deprecation.ts'
import { rateLimits } from './rate-limit.ts'
import { requestLine } from './request-line.ts'
import { secureHeaders } from './secure-headers.ts'

interface GuardNeed {
  settings: GuardSettings
  ports: Pick<Ports, 'clock'>
  /** Find out who asks, then refuse who may not. */
  identity: readonly Guard[]
}

/** All that stands before the endpoints, outermost first: what costs least refuses first, and what changes most lies innermost. */
export function guardsInOrder({ settings, ports, identity }: GuardNeed): Guard[] {
  const rates = rateLimits(settings, ports.clock)
  return [
    secureHeaders,
    deprecation,
    requestLine,
    addressList(settings),
    rates.ofRefusals,
    ...identity,
    rates.ofCallers,
  ]
}
