/**
 * The value of a JSON text, which may hold comments, as Azure's own reader takes them.
 * @throws SyntaxError naming line, column and what was expected there
 */
export function parseJsonWithComments(text: string): unknown {
  const reader = new JsonReader(text.replace(/^\uFEFF/, ''))
  const value = reader.value()
  reader.end()
  return value
}

const skipped = /(?:\s+|\/\/[^\n]*|\/\*[\s\S]*?\*\/)*/y
const scalar = /true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y
const quoted = /"(?:[^"\\\p{Cc}]|\\(?:["\\/bfnrt]|u[\dA-Fa-f]{4}))*"/uy

class JsonReader {
  readonly #text: string
  #at = 0
  constructor(text: string) {
    this.#text = text
  }

  value(): unknown {
    this.#skip()
    const next = this.#text[this.#at]
    if (next === '{') return this.#object()
    if (next === '[') return this.#array()
    if (next === '"') return this.#string('a text')
    const found = this.#take(scalar)
    if (found === undefined) throw this.#expected('a value')
    return JSON.parse(found)
  }

  end(): void {
    this.#skip()
    if (this.#at < this.#text.length) throw this.#expected('the end')
  }

  #object(): Record<string, unknown> {
    const entries: [string, unknown][] = []
    this.#at++
    this.#skip()
    if (this.#text[this.#at] === '}') this.#at++
    else {
      do {
        this.#skip()
        const name = this.#string('a name in double quotes')
        this.#skip()
        if (!this.#taken(':')) throw this.#expected('":"')
        entries.push([name, this.value()])
        this.#skip()
      } while (this.#taken(','))
      if (!this.#taken('}')) throw this.#expected('"," or "}"')
    }
    return Object.fromEntries(entries)
  }

  #array(): unknown[] {
    const items: unknown[] = []
    this.#at++
    this.#skip()
    if (this.#taken(']')) return items
    do {
      items.push(this.value())
      this.#skip()
    } while (this.#taken(','))
    if (!this.#taken(']')) throw this.#expected('"," or "]"')
    return items
  }

  #string(what: string): string {
    const found = this.#take(quoted)
    if (found === undefined) throw this.#expected(what)
    return String(JSON.parse(found))
  }

  #skip(): void {
    this.#take(skipped)
  }

  #taken(character: string): boolean {
    if (this.#text[this.#at] !== character) return false
    this.#at++
    return true
  }

  #take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at
    const found = pattern.exec(this.#text)?.[0]
    this.#at += found?.length ?? 0
    return found
  }

  #expected(what: string): SyntaxError {
    const lines = this.#text.slice(0, this.#at).split('\n')
    const found = this.#at < this.#text.length ? JSON.stringify(this.#text[this.#at]) : 'the end of the text'
    return new SyntaxError(
      `line ${lines.length}, column ${(lines.at(-1)?.length ?? 0) + 1}: expected ${what}, found ${found}`,
    )
  }
}
