/** An operation of the API, as a request is made of it. */
export interface Operation {
  method: string
  path: string
  /** Which fields of the input go into the query. */
  query: readonly string[]
  hasBody: boolean
  /** Whether it changes nothing. */
  isSafe: boolean
  takesKey: boolean
  answers: 'json' | 'text'
  /** Statuses that are no success, but answered in the same form. */
  alsoAnswers: readonly number[]
}

/** What one call may want besides its input. */
export interface Call {
  signal?: AbortSignal | undefined
  /** For all attempts together; that of the client unless given. */
  timeoutMs?: number | undefined
  /** Makes a change that is sent twice happen once; a new one unless given. */
  idempotencyKey?: string | undefined
  /** The etag of what is to be changed: another version is left alone. */
  ifMatch?: string | undefined
  /** Is told the status and headers of the answer. */
  onAnswer?: ((answer: { status: number; headers: Headers }) => void) | undefined
}
