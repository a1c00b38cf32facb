import type { Ports } from '../../ports.ts'
import type { GuardSettings } from '../../schemas/settings/guards.ts'
import { authorize, type Guard } from '../handle.ts'
import { addressList } from './address-list.ts'
import { audit } from './audit.ts'
import { conditional } from './conditional.ts'
import { deprecation } from './deprecation.ts'
import { idempotency } from './idempotency.ts'
import { challenge } from './identify.ts'
import { observe } from './observe.ts'
import { rateLimits } from './rate-limit.ts'
import { requestLine } from './request-line.ts'
import { secureHeaders } from './secure-headers.ts'

interface GuardNeed {
  settings: GuardSettings
  ports: Pick<Ports, 'blobs' | 'clock' | 'documents' | 'log' | 'telemetry'>
  /** By it what guards keep names nobody. */
  secret: string
  /** Finds out who asks. */
  identify: Guard
}

/** All that stands before the endpoints, outermost first: what costs least refuses first, and what changes most lies innermost. */
export function guardsInOrder({ settings, ports, secret, identify }: GuardNeed): Guard[] {
  const rates = rateLimits(settings, ports.clock)
  const { ofActions, ofRefusals } = audit({ ports, secret })
  return [
    observe(ports),
    secureHeaders,
    deprecation,
    requestLine,
    addressList(settings),
    rates.ofRefusals,
    challenge,
    ofRefusals(401),
    identify,
    ofRefusals(403),
    authorize,
    rates.ofCallers,
    ofActions,
    idempotency({ ports, secret }),
    conditional,
  ]
}
