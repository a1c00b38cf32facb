import { seededRandom } from '../sample/seeded.ts'
import type { AmqpAction, FaultRule, HttpAction } from './fault-rule.ts'

/** What is asked of a server, by the properties its rules can name; those it does not have are left out. */
export type Operation = Readonly<Record<string, string | undefined>>

/** What is to happen to one operation; `delayMs` is drawn from the range of a delay. */
export interface Fault<Action> {
  action: Action
  delayMs: number
}

/** A rule at work: it counts what it met, and what it did. */
export class ArmedRule<Action extends HttpAction | AmqpAction> {
  readonly rule: FaultRule<Action>
  matched = 0
  applied = 0
  private readonly patterns: [string, RegExp][]
  private readonly script: boolean[] | undefined
  private readonly drawRate: () => number
  private readonly drawDelay: () => number

  constructor(rule: FaultRule<Action>) {
    this.rule = rule
    this.patterns = Object.entries(rule.match).map(([property, texts]) => [property, pattern([texts].flat())])
    this.script = rule.script?.flatMap(step =>
      'pass' in step ? Array<boolean>(step.pass).fill(false) : Array<boolean>(step.fail).fill(true),
    )
    // Streams of their own, so that the delays drawn do not move which operations are hit.
    this.drawRate = seededRandom(`rate ${rule.seed}`)
    this.drawDelay = seededRandom(`delay ${rule.seed}`)
  }

  matches(operation: Operation): boolean {
    return this.patterns.every(([property, texts]) => {
      const value = operation[property]
      return value !== undefined && texts.test(value)
    })
  }

  /** What happens to an operation that matches; undefined when the rule lets it pass. */
  meet(): Fault<Action> | undefined {
    const { action, rate, times } = this.rule
    const number = this.matched
    this.matched += 1
    const isHit = this.script?.[number] ?? (this.script === undefined && (rate === undefined || this.drawRate() < rate))
    if (!isHit || (times !== undefined && this.applied >= times)) return undefined
    this.applied += 1
    if (action.type !== 'delay') return { action, delayMs: 0 }
    const [leastMs, mostMs] = action.ms
    return { action, delayMs: leastMs + Math.floor(this.drawDelay() * (mostMs - leastMs + 1)) }
  }
}

function pattern(texts: string[]): RegExp {
  const alternatives = texts.map(text => text.replace(/[\\^$.|?+()[\]{}]/g, '\\$&').replaceAll('*', '.*'))
  return new RegExp(`^(?:${alternatives.join('|')})$`, 'is')
}
