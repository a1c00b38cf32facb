import type { Comparison, Expression, Operand } from './expression.ts'
import { ExpressionError } from './expression-error.ts'
import { type Field, fields, type ValueType } from './fields.ts'
import { nearestName } from './nearest-name.ts'
import { type Token, tokensOf } from './tokens.ts'

export const expressionLimits = { characters: 1000, depth: 32 } as const

const comparisons: Readonly<Record<string, Comparison>> = {
  ...{ '=': '=', '!=': '!=', '<': '<', '<=': '<=', '>': '>', '>=': '>=' },
}
const keywords = ['and', 'or', 'not', 'in', 'has', 'is', 'known', 'missing', 'true', 'false']

/**
 * Reads a filter expression and checks its names and types, so that one that was read can always be computed.
 * @throws ExpressionError with the place, what was expected there and what stands there
 */
export function parseExpression(text: string): Expression {
  if (text.length > expressionLimits.characters) {
    const expected = `at most ${expressionLimits.characters} characters`
    throw new ExpressionError({ expected, found: `${text.length} of them`, at: 1, text: `${text.slice(0, 40)}…` })
  }
  const parser = new Parser(text)
  const expression = parser.anyOf(0)
  parser.end()
  return expression
}

/** An operand with what is checked of it. */
interface Typed {
  operand: Operand
  type: ValueType
  token: Token
  field?: Field
}

/** Recursive descent: or, and, not, then one condition. It guards how far the text is read. */
class Parser {
  readonly #text: string
  readonly #tokens: readonly Token[]
  #next = 0

  constructor(text: string) {
    this.#text = text
    this.#tokens = tokensOf(text)
  }

  anyOf(depth: number): Expression {
    return this.#chain('or', () => this.#chain('and', () => this.#negated(depth)))
  }

  end(): void {
    if (this.#peek().type !== 'end') throw this.#expected('and, or, or the end')
  }

  #chain(type: 'and' | 'or', part: () => Expression): Expression {
    const first = part()
    const parts = [first]
    while (this.#takes(type)) parts.push(part())
    return parts.length === 1 ? first : { type, parts }
  }

  #negated(depth: number): Expression {
    if (depth > expressionLimits.depth) throw this.#expected(`at most ${expressionLimits.depth} levels of not and (`)
    if (this.#takes('not')) return { type: 'not', of: this.#negated(depth + 1) }
    if (!this.#takes('(')) return this.#condition()
    const inner = this.anyOf(depth + 1)
    this.#demand(')')
    return inner
  }

  #condition(): Expression {
    const left = this.#operand()
    const operator = comparisons[this.#peek().value]
    if (this.#peek().type === 'symbol' && operator) {
      this.#next += 1
      return this.#comparison(left, operator)
    }
    if (this.#takes('has')) {
      if (left.type !== 'list') throw this.#wrong(left, 'a list before has, as tags')
      return { type: 'has', list: left.operand, value: this.#operandLike('text', left).operand }
    }
    if (this.#takes('in')) return this.#membership(left)
    if (this.#takes('not')) {
      if (!this.#takes('in')) throw this.#expected('in')
      return { type: 'not', of: this.#membership(left) }
    }
    if (this.#takes('is')) return this.#presence(left)
    if (left.type === 'boolean') return truth(left.operand)
    throw this.#expected('= != < <= > >= in, not in, has or is')
  }

  #comparison(left: Typed, operator: Comparison): Expression {
    const isOrdered = operator !== '=' && operator !== '!='
    if (left.type === 'list') throw this.#wrong(left, 'has after a list, as tags has "sale"')
    if (isOrdered && left.type !== 'number') throw this.#wrong(left, `a number before ${operator}`)
    const right = this.#operandLike(left.type, left)
    return { type: 'compare', operator, left: left.operand, right: right.operand }
  }

  #membership(left: Typed): Expression {
    if (left.type === 'list') throw this.#wrong(left, 'has after a list, as tags has "sale"')
    this.#demand('(')
    const among = [this.#operandLike(left.type, left).operand]
    while (this.#takes(',')) among.push(this.#operandLike(left.type, left).operand)
    this.#demand(')', ', or )')
    return { type: 'in', value: left.operand, among }
  }

  #presence(left: Typed): Expression {
    const known: Expression = { type: 'known', value: left.operand }
    if (this.#takes('known')) return known
    if (this.#takes('missing')) return { type: 'not', of: known }
    throw this.#expected('known or missing')
  }

  /** The next operand, which must fit what it is compared with. */
  #operandLike(type: ValueType, left: Typed): Typed {
    const right = this.#operand()
    if (right.type !== type) throw this.#wrong(right, `${article(type)}, as ${left.token.value} is`)
    const values = left.field?.values ?? right.field?.values
    const literal = [left, right].find(({ operand }) => operand.type === 'literal')
    if (values && literal && !values.includes(literal.token.value)) {
      throw this.#wrong(literal, `one of ${values.join(', ')}${suggestion(literal.token.value, values)}`)
    }
    return right
  }

  #operand(): Typed {
    const token = this.#peek()
    const typed = this.#typed(token)
    this.#next += 1
    return typed
  }

  #typed(token: Token): Typed {
    if (token.type === 'text') return { operand: { type: 'literal', value: token.value }, type: 'text', token }
    if (token.type === 'number') {
      return { operand: { type: 'literal', value: Number(token.value) }, type: 'number', token }
    }
    if (token.type !== 'name') throw this.#expected('a field, a number, text in quotes, not or (')
    const word = token.value.toLowerCase()
    if (word === 'true' || word === 'false') {
      return { operand: { type: 'literal', value: word === 'true' }, type: 'boolean', token }
    }
    const field = fields.get(token.value)
    if (field) return { operand: { type: 'field', name: token.value }, type: field.type, token, field }
    if (keywords.includes(word)) throw this.#expected('a field, a number or text in quotes')
    throw this.#expected(`a known field${suggestion(token.value, fields.keys()) || ', or text in quotes'}`)
  }

  /** Moves past the next piece when it is this symbol or word. */
  #takes(word: string): boolean {
    const { type, value } = this.#peek()
    if ((type !== 'name' && type !== 'symbol') || value.toLowerCase() !== word) return false
    this.#next += 1
    return true
  }

  #demand(symbol: string, expected = symbol): void {
    if (!this.#takes(symbol)) throw this.#expected(expected)
  }

  #peek(): Token {
    return this.#tokens[this.#next]!
  }

  #expected(expected: string): ExpressionError {
    return this.#error(this.#peek(), expected)
  }

  #wrong({ token }: Typed, expected: string): ExpressionError {
    return this.#error(token, expected)
  }

  #error({ at, type, value }: Token, expected: string): ExpressionError {
    return new ExpressionError({ expected, found: type === 'text' ? `"${value}"` : value, at, text: this.#text })
  }
}

/** A field that is true or false stands for itself. */
const truth = (left: Operand): Expression => ({
  ...{ type: 'compare', operator: '=', left },
  right: { type: 'literal', value: true },
})

const article = (type: ValueType): string =>
  type === 'text' ? 'text' : type === 'boolean' ? 'true or false' : `a ${type}`

function suggestion(name: string, known: Iterable<string>): string {
  const nearest = nearestName(name, known)
  return nearest === undefined ? '' : ` (did you mean ${nearest}?)`
}
