import type { z } from 'zod'
import { ArmedRule, type Fault, type Operation } from './armed-rule.ts'
import { AmqpAction, type FaultRule, faultRules, HttpAction, parseFaults } from './fault-rule.ts'

interface FaultCount {
  rule: FaultRule<HttpAction | AmqpAction>
  /** How many operations it was asked about, and to how many it applied. */
  matched: number
  applied: number
}

/**
 * The faults a server is to show, which it asks for at its edge. The rules are asked in their order, and the first that
 * applies is what happens: those behind it are not asked about that operation.
 */
class FaultPlan<Action extends HttpAction | AmqpAction> {
  private armed: ArmedRule<Action>[] = []
  private readonly schema: z.ZodType<FaultRule<Action>[]>

  constructor(schema: z.ZodType<FaultRule<Action>[]>) {
    this.schema = schema
  }

  /** Replaces all rules. @throws RangeError naming the field and its value */
  set(rules: unknown): void {
    this.armed = this.parsed(rules)
  }

  /** Puts rules behind those that are there. @throws RangeError naming the field and its value */
  add(rules: unknown): void {
    this.armed.push(...this.parsed(rules))
  }

  clear(): void {
    this.armed = []
  }

  read(): FaultCount[] {
    return this.armed.map(({ rule, matched, applied }) => ({ rule, matched, applied }))
  }

  /** What is to happen to an operation. */
  take(operation: Operation): Fault<Action> | undefined {
    return this.ask(operation, ({ type }) => type !== 'refuse')
  }

  /** Whether a connection that has just been made is to be reset. */
  refuses(connection: Operation = {}): boolean {
    return this.ask(connection, ({ type }) => type === 'refuse') !== undefined
  }

  private ask(operation: Operation, isOfKind: (action: Action) => boolean): Fault<Action> | undefined {
    for (const rule of this.armed) {
      if (!isOfKind(rule.rule.action) || !rule.matches(operation)) continue
      const fault = rule.meet()
      if (fault !== undefined) return fault
    }
    return undefined
  }

  private parsed(rules: unknown): ArmedRule<Action>[] {
    return parseFaults(this.schema, rules).map(rule => new ArmedRule(rule))
  }
}

export type HttpFaults = FaultPlan<HttpAction>
export type AmqpFaults = FaultPlan<AmqpAction>

// What the rules of each server can tell operations apart by.
const cosmosRules = faultRules(['method', 'resource', 'operation', 'database', 'container', 'item'], HttpAction)
const eventHubsRules = faultRules(['operation', 'direction', 'hub', 'partition', 'group'], AmqpAction)
const azuriteRules = faultRules(['service', 'method', 'path', 'comp'], HttpAction)
const hostRules = faultRules(['method', 'path'], HttpAction)

export const cosmosFaults = (): HttpFaults => new FaultPlan(cosmosRules)
export const eventHubsFaults = (): AmqpFaults => new FaultPlan(eventHubsRules)
export const azuriteFaults = (): HttpFaults => new FaultPlan(azuriteRules)
export const hostFaults = (): HttpFaults => new FaultPlan(hostRules)
