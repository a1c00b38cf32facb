/** A value in an expression: written out, or read off the item or the request. */
export type Operand = { type: 'literal'; value: string | number | boolean } | { type: 'field'; name: string }
export type Comparison = '=' | '!=' | '<' | '<=' | '>' | '>='

/** A filter expression as a tree: docs/placements.md has its language. */
export type Expression =
  | { type: 'and' | 'or'; parts: readonly Expression[] }
  | { type: 'not'; of: Expression }
  | { type: 'compare'; operator: Comparison; left: Operand; right: Operand }
  | { type: 'in'; value: Operand; among: readonly Operand[] }
  | { type: 'has'; list: Operand; value: Operand }
  | { type: 'known'; value: Operand }
