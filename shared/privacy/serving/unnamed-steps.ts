import type { Erased, EraseStep } from '../erasure/erase-step.ts'

const hourMs = 3_600_000
const nothing = { found: 0, removed: 0 }

/** Stores in which nobody can be looked for, as they name nobody or cannot be changed: the certificate says why. */
export const unnamedSteps: readonly EraseStep[] = [
  {
    store: 'event-hubs',
    about: 'events and changes on their way',
    erase: async (_, { ports: { clock }, options: { eventHubHours } }): Promise<Erased> => ({
      ...nothing,
      note: `Event Hubs deletes events after ${eventHubHours} h and not before; what is read of them again is refused`,
      leftUntil: new Date(clock() + eventHubHours * hourMs).toISOString(),
    }),
  },
  unnamed('cosmos-counters', 'how often items were looked at and bought', 'sums of all shoppers, which fade; no ids'),
  unnamed('cosmos-requests', 'answers to idempotency keys', 'sealed by the caller’s own key, gone after a day'),
  unnamed('publish-digests', 'what lists were published', '64 bits of a hash of id and list, to tell a change by'),
  unnamed('audit', 'what administrators did', 'people stand in it by pseudonym; kept for its period as a record'),
]

function unnamed(store: string, about: string, note: string): EraseStep {
  return { store, about, erase: async () => ({ ...nothing, note }) }
}
