import type { Listener } from '../http/http-listener.ts'

/** A listener that can be turned off, as drain mode does, and on again; switches follow one another. */
export interface SwitchedListener {
  turnOn(): Promise<Listener | undefined>
  /** Takes no new work at once; resolves when what ran is done and everything is closed. */
  turnOff(): Promise<void>
  /** Takes no new work; what runs goes on until the listener is turned off. */
  stop(): Promise<void>
  /** Runs the function now; the reason when that is not possible. */
  trigger(functionName: string, input: string | undefined): string | undefined
}

/** @param tell hears when it starts to take work, before it does, and when everything is closed */
export function switchedListener(start: () => Promise<Listener>, tell: (isOn: boolean) => void): SwitchedListener {
  let current: Listener | undefined
  let switched: Promise<unknown> = Promise.resolve()
  const inTurn = <T>(step: () => Promise<T>): Promise<T> => {
    const done = switched.then(step)
    switched = done.catch(() => undefined)
    return done
  }
  return {
    turnOn: () =>
      inTurn(async () => {
        if (current !== undefined) return current
        tell(true)
        current = await start()
        return current
      }),
    turnOff: () =>
      inTurn(async () => {
        const off = current
        current = undefined
        await off?.stop()
        await off?.close()
        tell(false)
      }),
    stop: () => inTurn(async () => current?.stop()),
    trigger: (functionName, input) => {
      if (current === undefined) return `Function "${functionName}" takes no work: the host is in drain mode`
      if (current.trigger === undefined) {
        return `Function "${functionName}" is called over HTTP: only functions with other triggers start by hand`
      }
      current.trigger(input)
      return undefined
    },
  }
}
