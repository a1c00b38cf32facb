import type { Placement } from '../../schemas/placements.ts'
import { type Condition, compileExpression } from './expression/compile-expression.ts'
import { parseExpression } from './expression/parse-expression.ts'
import { openWindow } from './open-window.ts'

/** A rule of a placement, ready to be asked. */
interface Rule {
  name: string
  expression: string
  holds: Condition
  isOpen: (nowMs: number) => boolean
}
export interface BoostRule extends Rule {
  factor: number
}
export interface PinRule {
  itemId: string
  /** From 1. */
  position: number
  /** Without a condition it holds for every request. */
  holds: Condition
  isOpen: (nowMs: number) => boolean
}

/** The rules of a placement with their expressions compiled. */
export interface PlacementRules {
  filters: readonly Rule[]
  boosts: readonly BoostRule[]
  pins: readonly PinRule[]
  blocked: ReadonlySet<string>
}

const compiled = new WeakMap<Placement, PlacementRules>()

/** The rules of a placement, compiled once as long as the same object is given. @throws ExpressionError */
export function placementRules(placement: Placement): PlacementRules {
  const known = compiled.get(placement)
  if (known) return known
  const { filters, boosts, pins, blocked } = placement
  const rules = {
    filters: filters.map(filter => rule(filter)),
    boosts: boosts.map(boost => ({ ...rule(boost), factor: boost.factor })),
    pins: pins.map(({ item_id: itemId, position, expression, ...window }) => ({
      ...{ itemId, position, isOpen: openWindow(window) },
      holds: expression === undefined ? () => true : compileExpression(parseExpression(expression)),
    })),
    blocked: new Set<string>(blocked),
  }
  compiled.set(placement, rules)
  return rules
}

function rule({ name, expression, ...window }: Placement['filters'][number]): Rule {
  return { name, expression, holds: compileExpression(parseExpression(expression)), isOpen: openWindow(window) }
}
