import type { Query } from './ast.ts'
import { syntaxError, type Token } from './lexer.ts'

/** The tokens still to be read. Keywords are written in any case, as in Azure. */
export class TokenStream {
  readonly #tokens: readonly Token[]
  readonly #subquery: (tokens: TokenStream) => Query
  #next = 0

  constructor(tokens: readonly Token[], subquery: (tokens: TokenStream) => Query) {
    this.#tokens = tokens
    this.#subquery = subquery
  }

  get token(): Token {
    return this.peek(0)
  }

  peek(ahead: number): Token {
    const token = this.#tokens[Math.min(this.#next + ahead, this.#tokens.length - 1)]
    if (!token) throw new RangeError('A token list must end with an end token')
    return token
  }

  take(): Token {
    const token = this.token
    this.#next += 1
    return token
  }

  isWord(word: string, ahead = 0): boolean {
    const token = this.peek(ahead)
    return token.kind === 'word' && token.text.toUpperCase() === word
  }

  isSymbol(symbol: string, ahead = 0): boolean {
    const token = this.peek(ahead)
    return token.kind === 'symbol' && token.text === symbol
  }

  takeWord(word: string): boolean {
    if (!this.isWord(word)) return false
    this.#next += 1
    return true
  }

  takeSymbol(symbol: string): boolean {
    if (!this.isSymbol(symbol)) return false
    this.#next += 1
    return true
  }

  needWord(word: string): void {
    if (!this.takeWord(word)) throw this.error()
  }

  needSymbol(symbol: string): void {
    if (!this.takeSymbol(symbol)) throw this.error()
  }

  needName(): string {
    if (this.token.kind !== 'word') throw this.error()
    return this.take().text
  }

  subquery(): Query {
    return this.#subquery(this)
  }

  error() {
    return syntaxError(this.token.text, this.token.at)
  }
}
