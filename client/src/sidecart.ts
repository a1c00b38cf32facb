import type { Call, Operation } from './call.ts'
import { Operations } from './operations.ts'
import { requestOf } from './request-of.ts'
import { errorOf, SidecartError } from './sidecart-error.ts'

export type { Call } from './call.ts'
export type * from './operations.ts'
export { type Finding, SidecartError } from './sidecart-error.ts'

export interface SidecartOptions {
  /** Where the API is, like https://shop.azurewebsites.net. */
  url: string
  /** A bearer token, or what gives one: it is asked before each request. */
  token?: string | (() => string | Promise<string>) | undefined
  /** A service key, instead of a token. */
  key?: string | undefined
  /** How long a call may take with all its attempts; 10,000 unless given. */
  timeoutMs?: number | undefined
  /** How often a request is sent at most; 3 unless given. */
  attempts?: number | undefined
  fetch?: typeof fetch | undefined
}

/** The API of a shop, a method for each operation. */
export class Sidecart extends Operations {
  readonly #options: SidecartOptions

  constructor(options: SidecartOptions) {
    super()
    this.#options = options
  }

  /** @throws SidecartError for what the API refused; the signal's reason when it was aborted or took too long */
  protected override async send<Answer>(operation: Operation, input: object, call: Call): Promise<Answer> {
    const { timeoutMs = 10_000, attempts = 3 } = this.#options
    const timeout = AbortSignal.timeout(call.timeoutMs ?? timeoutMs)
    const signal = call.signal ? AbortSignal.any([call.signal, timeout]) : timeout
    // The same for all attempts, so that what got through the first time is not done again.
    const idempotencyKey = operation.takesKey ? (call.idempotencyKey ?? crypto.randomUUID()) : undefined
    for (let attempt = 1; ; attempt++) {
      const outcome = await this.#attempt(operation, { input, call: { ...call, idempotencyKey }, signal })
      if (!(outcome instanceof SidecartError)) return answerOf<Answer>(operation, outcome)
      if (attempt >= attempts || !mayRepeat(operation, outcome)) throw outcome
      await wait(outcome.retryAfterMs ?? 200 * 2 ** (attempt - 1), signal)
    }
  }

  async #attempt(
    operation: Operation,
    { input, call, signal }: { input: object; call: Call; signal: AbortSignal },
  ): Promise<Response | Refused> {
    const { url, token, key, fetch: send = fetch } = this.#options
    const { path, init } = requestOf(operation, input, call)
    const bearer = typeof token === 'function' ? await token() : token
    if (bearer !== undefined) init.headers.set('authorization', `Bearer ${bearer}`)
    if (key !== undefined) init.headers.set('x-api-key', key)
    try {
      const answer = await send(`${url.replace(/\/$/, '')}${path}`, { ...init, signal })
      call.onAnswer?.({ status: answer.status, headers: answer.headers })
      const isAnswer = answer.ok || operation.alsoAnswers.includes(answer.status)
      return isAnswer && !isProblem(answer)
        ? answer
        : Object.assign(await errorOf(answer), { retryAfterMs: retryAfterMs(answer.headers) })
    } catch (cause) {
      signal.throwIfAborted()
      const reason = cause instanceof Error ? cause.message : String(cause)
      const unreachable = new SidecartError(`${url} could not be reached: ${reason}`, {
        ...{ code: 'unreachable', status: 0, cause },
      })
      return Object.assign(unreachable, { retryAfterMs: undefined })
    }
  }
}

const isProblem = ({ headers }: Response): boolean =>
  headers.get('content-type')?.startsWith('application/problem+json') === true

type Refused = SidecartError & { retryAfterMs: number | undefined }

/** What was turned away before anything was done may always be sent again; the rest only where that does no harm. */
function mayRepeat({ isSafe, takesKey, method }: Operation, { status, code }: SidecartError): boolean {
  if (status === 429) return true
  const isHarmless = isSafe || takesKey || method === 'PUT' || method === 'DELETE'
  return isHarmless && (status === 503 || status === 0 || code === 'request_in_progress')
}

function retryAfterMs(headers: Headers): number | undefined {
  const seconds = Number(headers.get('retry-after') ?? Number.NaN)
  return Number.isFinite(seconds) && seconds >= 0 ? seconds * 1000 : undefined
}

async function answerOf<Answer>({ answers }: Operation, answer: Response): Promise<Answer> {
  const text = await answer.text()
  return answers === 'json' && text !== '' ? JSON.parse(text) : (text as Answer)
}

function wait(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const onAbort = () => {
      clearTimeout(timer)
      reject(signal.reason)
    }
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', onAbort)
      resolve()
    }, ms)
    signal.addEventListener('abort', onAbort, { once: true })
  })
}
