/** What takes the place of a secret. */
const hidden = '***'
/** Shorter texts are no secrets: hiding them would garble every line. */
const lengthMin = 8

/** What opens something wherever it comes from: keys and signatures of Azure, tokens, credentials in headers. */
const shapes = [
  // Of connection strings and signed addresses.
  /\b(AccountKey|SharedAccessKey|SharedAccessSignature|Password|Pwd|sig)=[^;&\s"'\\]+/gi,
  /\b(Bearer|Basic)\s+[\w.~+/=-]{8,}/gi,
  /\b(authorization|cookie|x-api-key|x-functions-key|password|client_secret)\\?["']?\s*[:=]\s*\\?["']?[^\s"'\\,;}]{4,}/gi,
  // Tokens in three parts (RFC 7519), and keys of accounts: 64 bytes in base64.
  /\b()eyJ[\w-]{8,}\.[\w-]+\.[\w-]*/g,
  /()(?<![\w+/])[A-Za-z0-9+/]{86}==/g,
] as const

/** Takes out of texts what must not be told: the secrets it knows, and what has a secret's shape. */
export class Redactor {
  #known: RegExp | undefined

  /** The app's secrets, as they are by now. */
  know(secrets: readonly string[]): void {
    const parts = secrets.flatMap(secret => [secret, ...keysWithin(secret)])
    const written = new Set(parts.filter(({ length }) => length >= lengthMin).flatMap(formsOf))
    // The longest first, so that no secret is cut short by one that it begins with.
    const longestFirst = [...written].sort((a, b) => b.length - a.length)
    this.#known =
      written.size === 0
        ? undefined
        : new RegExp(longestFirst.map(text => text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')).join('|'), 'g')
  }

  /** For handing over without the object. */
  readonly redact = (text: string): string => {
    const unknown = this.#known === undefined ? text : text.replace(this.#known, hidden)
    return shapes.reduce(
      (kept, shape) => kept.replace(shape, (_, name: string) => (name === '' ? hidden : `${name} ${hidden}`)),
      unknown,
    )
  }

  /** Hides what an error and its causes tell, in place: who catches it next may print it. */
  redactError(error: unknown): void {
    for (let each = error; each instanceof Error; each = each.cause) {
      each.message = this.redact(each.message)
      if (each.stack !== undefined) each.stack = this.redact(each.stack)
    }
  }
}

/** Keys inside a connection string. */
function keysWithin(secret: string): string[] {
  return [...secret.matchAll(/(?:AccountKey|SharedAccessKey|SharedAccessSignature)=([^;]+)/gi)].map(
    ([, key]) => key ?? '',
  )
}

/** A text as it is, as JSON writes it once and again, and as addresses do. */
function formsOf(text: string): string[] {
  const inJson = JSON.stringify(text).slice(1, -1)
  return [text, inJson, JSON.stringify(inJson).slice(1, -1), encodeURIComponent(text)]
}
