import { availableParallelism } from 'node:os'

/** As many as this machine runs at once, for Sidecart and its peers alike. */
export const threads = availableParallelism()
