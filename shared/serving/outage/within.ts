import { AppError } from '../../schemas/errors.ts'

/**
 * What `work` gives, if it does within so many milliseconds; later it is not waited for, and what it comes to is ignored.
 * @throws AppError `unavailable`, naming `what` did not answer
 */
export function within<T>(work: Promise<T>, ms: number, what: string): Promise<T> {
  return new Promise((resolve, reject) => {
    // When the process itself was late, the answer may be there already, behind the timer: it is looked for first.
    const late = (turns: number): void => {
      if (turns > 0) setImmediate(late, turns - 1)
      else reject(unavailable(`${what} did not answer within ${Math.round(ms)} ms`))
    }
    const timer = setTimeout(late, Math.max(0, ms), turnsAfterTime)
    work.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}

const turnsAfterTime = 3

/** What is needed is away for now: the caller may come back soon. What exactly went wrong is the cause, and no caller's business. */
export const unavailable = (message: string, cause?: unknown): AppError =>
  new AppError('unavailable', message, [], { retryAfterSeconds: 1, cause })

/** Whether something failed because what it needs is away, and not because it is wrong. */
export const isUnavailable = (cause: unknown): boolean => cause instanceof AppError && cause.code === 'unavailable'
