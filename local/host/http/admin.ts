import type { Binding } from '../app/core-types.ts'
import type { DrainStatus } from '../workers/messages.ts'
import type { KeyLevel, KeyRing } from './key-ring.ts'

export interface AdminFunction {
  name: string
  bindings: Record<string, Binding>
  isDisabled: boolean
  /** Path of an HTTP function, with its prefix. */
  route?: string
}

/** What the administration of the host reaches beyond its own process. */
export interface AdminActions {
  hostId: string
  functions: AdminFunction[]
  /** Starts a function now with this input; resolves when its worker has taken the order, with the reason when it has not. */
  trigger(functionName: string, input: string | undefined): Promise<string | undefined>
  /** Stops every listener but HTTP; what runs goes on. */
  drain(): Promise<void>
  drainStatus(): Promise<DrainStatus>
  /** Ends drain mode. */
  resume(): Promise<void>
}

export interface AdminRequest {
  method: string
  /** Without leading slash and query. */
  path: string
  baseUrl: string
  level: KeyLevel
  contentType: string | undefined
  body: Buffer | undefined
}

export interface AdminAnswer {
  status: number
  /** Sent as JSON; a text as it is. */
  body?: unknown
  location?: string
}

export interface AdminContext {
  actions: AdminActions
  keys: KeyRing
}

export interface AdminEndpoint {
  method: string
  /** Its groups are the arguments of the answer; names match in any case. */
  path: RegExp
  /** Answers without a key. */
  open?: boolean
  answer(
    request: AdminRequest,
    context: AdminContext,
    names: Record<string, string>,
  ): AdminAnswer | Promise<AdminAnswer>
}
