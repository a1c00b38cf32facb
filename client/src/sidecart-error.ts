/** One finding: which field of the request has which value, and why it cannot. */
export interface Finding {
  code: string
  field: string
  value: unknown
  reason: string
}

/** What the API refused, or could not be asked. */
export class SidecartError extends Error {
  override readonly name = 'SidecartError'
  /** As at /docs/errors; `unreachable` when no answer came at all, `no_problem` when one came that is none of the API's. */
  readonly code: string
  /** 0 when no answer came. */
  readonly status: number
  readonly errors: readonly Finding[]
  readonly requestId: string | undefined

  constructor(
    message: string,
    of: { code: string; status: number; errors?: readonly Finding[]; requestId?: string | undefined; cause?: unknown },
  ) {
    super(message, { cause: of.cause })
    this.code = of.code
    this.status = of.status
    this.errors = of.errors ?? []
    this.requestId = of.requestId
  }
}

/** The error that an answer tells of, whoever gave it. */
export async function errorOf(answer: Response): Promise<SidecartError> {
  const { status, headers } = answer
  const requestId = headers.get('x-request-id') ?? undefined
  const text = await answer.text()
  const problem = headers.get('content-type')?.startsWith('application/problem+json') ? JSON.parse(text) : undefined
  if (problem === undefined) {
    return new SidecartError(`The answer was ${status}: ${text.slice(0, 200)}`, {
      code: 'no_problem',
      status,
      requestId,
    })
  }
  const { detail, code, errors } = problem
  return new SidecartError(`${detail} (${status} ${code})`, { code, status, errors, requestId })
}
