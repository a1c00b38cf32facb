import { randomUUID } from 'node:crypto'
import type { HostEvent } from './messages.ts'
import type { WorkerGroup } from './worker-group.ts'

export interface ManualTriggers {
  /** Tells a process of the group to run the function; resolves when it has taken the order, with the reason when not. */
  start(group: WorkerGroup, functionName: string, input: string | undefined): Promise<string | undefined>
  answered(message: { id: string; error?: string }): void
  /** A process that ended answers no more. */
  ended(event: Extract<HostEvent, { type: 'exited' }>): void
}

/** Orders to run a function by hand that are on their way to a worker. */
export function manualTriggers(): ManualTriggers {
  const underWay = new Map<string, { pid: number; resolve(error: string | undefined): void }>()
  return {
    start: (group, functionName, input) =>
      new Promise(resolve => {
        const id = randomUUID()
        const pid = group.sendToOne({ type: 'trigger', id, functionName, input })
        if (pid === undefined) resolve(`The worker of function "${functionName}" is not running`)
        else underWay.set(id, { pid, resolve })
      }),
    answered: ({ id, error }) => {
      underWay.get(id)?.resolve(error)
      underWay.delete(id)
    },
    ended: ({ pid, reason }) => {
      for (const [id, order] of underWay) {
        if (order.pid !== pid) continue
        order.resolve(`The worker ended before it took the order: ${reason}`)
        underWay.delete(id)
      }
    },
  }
}
