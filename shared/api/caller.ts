import type { Identity } from '../schemas/identity.ts'

/** Who asks, as far as the request proves it. */
export type Caller = { kind: 'anonymous' } | Identity

export const anonymous: Caller = { kind: 'anonymous' }
