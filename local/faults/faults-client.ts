import { z } from 'zod'
import type { AmqpFaults, HttpFaults } from './fault-plan.ts'
import type { FaultRuleInput } from './fault-rule.ts'

/** Changes the faults of a running server; what its plan refuses is thrown. */
export interface FaultsClient {
  set(rules: readonly FaultRuleInput[]): Promise<void>
  add(rules: readonly FaultRuleInput[]): Promise<void>
  clear(): Promise<void>
  /** The rules in their order, with how many operations each was asked about and to how many it applied. */
  read(): Promise<z.infer<typeof Counts>>
}

const Counts = z.array(z.object({ rule: z.unknown(), matched: z.int(), applied: z.int() }))
const Refusal = z.object({ error: z.string() })

/** Through the control server of another process. */
export function faultsClient(url: string): FaultsClient {
  const call = async (method: string, rules?: readonly FaultRuleInput[]) => {
    const body = rules === undefined ? {} : { body: JSON.stringify(rules) }
    const response = await fetch(`${url}/faults`, { method, ...body })
    const answer: unknown = await response.json()
    if (!response.ok) throw new RangeError(Refusal.parse(answer).error)
    return Counts.parse(answer)
  }
  return {
    set: async rules => void (await call('PUT', rules)),
    add: async rules => void (await call('POST', rules)),
    clear: async () => void (await call('DELETE')),
    read: () => call('GET'),
  }
}

/** Of a plan in this process. */
export function faultsOf(plan: HttpFaults | AmqpFaults): FaultsClient {
  return {
    set: async rules => plan.set(rules),
    add: async rules => plan.add(rules),
    clear: async () => plan.clear(),
    read: async () => plan.read(),
  }
}
