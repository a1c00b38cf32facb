import type { IncomingMessage } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import type { Fault } from './armed-rule.ts'
import type { HttpAction } from './fault-rule.ts'

export type StatusFault = Extract<HttpAction, { type: 'status' }>

/** The answer to a request under a fault; undefined when its connection has been cut instead. */
export async function underFault<Answer>(
  request: IncomingMessage,
  { action, delayMs }: Fault<HttpAction>,
  { work, refuse }: { work: () => Promise<Answer>; refuse: (fault: StatusFault) => Answer },
): Promise<Answer | undefined> {
  // Whether new connections are refused was asked when this one was made.
  if (action.type === 'refuse') return work()
  if (action.when === 'before') {
    if (action.type === 'delay') await wait(delayMs)
    else return action.type === 'status' ? refuse(action) : cut(request)
  }
  const answer = await work()
  if (action.when === 'before') return answer
  if (action.type === 'delay') await wait(delayMs)
  else return action.type === 'status' ? refuse(action) : cut(request)
  return answer
}

function cut(request: IncomingMessage): undefined {
  request.socket.resetAndDestroy()
}
