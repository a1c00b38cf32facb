import type { Listener } from '../http/http-listener.ts'

/** Listens to the trigger of one function that is not an HTTP function. */
export interface TriggerListener extends Listener {
  /** Runs the function once by hand, beside what its trigger does; `input` stands for what the trigger would hand over. */
  trigger(input: string | undefined): void
}
