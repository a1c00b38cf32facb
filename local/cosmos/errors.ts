const CODES: Record<number, string> = {
  400: 'BadRequest',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'NotFound',
  405: 'MethodNotAllowed',
  408: 'RequestTimeout',
  409: 'Conflict',
  410: 'Gone',
  412: 'PreconditionFailed',
  413: 'RequestEntityTooLarge',
  424: 'FailedDependency',
  429: 'TooManyRequests',
  449: 'RetryWith',
  500: 'InternalServerError',
  503: 'ServiceUnavailable',
}

/** A refusal as Azure words it: a status, its code word, and sometimes a substatus that SDKs act upon. */
export class CosmosError extends Error {
  readonly status: number
  readonly substatus: number
  charge = 1
  /** How long a throttled client should wait. */
  retryAfterMs: number | undefined
  /** The plan of a query that the client has to merge itself. */
  additionalErrorInfo: string | undefined

  constructor(status: number, message: string, substatus = 0) {
    super(message)
    this.name = 'CosmosError'
    this.status = status
    this.substatus = substatus
  }

  get code(): string {
    return CODES[this.status] ?? 'InternalServerError'
  }
}

export const badRequest = (message: string, substatus = 0) => new CosmosError(400, message, substatus)

export const notFound = (what: string) =>
  new CosmosError(404, `Entity with the specified id does not exist in the system: ${what}.`)

/** What a request is about may be there, but not the database or container it would be in. */
export const ownerNotFound = (owner: string) => new CosmosError(404, `Owner resource does not exist: ${owner}.`, 1003)

export const conflict = (what: string) =>
  new CosmosError(409, `Entity with the specified id already exists in the system: ${what}.`)

export const preconditionFailed = () =>
  new CosmosError(
    412,
    'Operation cannot be performed because one of the specified precondition is not met: the etag differs.',
  )
