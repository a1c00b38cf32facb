/** What a Bicep expression evaluates to; what only Azure knows stays a Reference. */
export type Value = string | number | boolean | null | readonly Value[] | { readonly [key: string]: Value } | Symbolic
type Symbolic = Reference | Resource | Module | Absent | Lambda

export interface Place {
  file: string
  line: number
}

/** A resource of a module, evaluated. */
export class Resource {
  readonly type: string
  readonly apiVersion: string
  /** With the names of its parents: `namespace/hub`. */
  readonly name: string
  /** All that is written of it but name, parent, scope and dependsOn. */
  readonly body: Readonly<Record<string, Value>>
  readonly parent: Resource | undefined
  readonly scope: Value | undefined
  readonly dependsOn: Value | undefined
  readonly existing: boolean
  readonly symbol: string
  readonly place: Place

  constructor(of: Omit<Resource, 'id' | 'label' | 'properties'>) {
    this.type = of.type
    this.apiVersion = of.apiVersion
    this.name = of.name
    this.body = of.body
    this.parent = of.parent
    this.scope = of.scope
    this.dependsOn = of.dependsOn
    this.existing = of.existing
    this.symbol = of.symbol
    this.place = of.place
  }

  /** As Azure has it, below whatever it is deployed to; the same for a resource and for an `existing` one. */
  get id(): string {
    return `⟦scope⟧/providers/${nestedId(this.type, this.name.split('/'))}`
  }

  /** For messages and for maps. */
  get label(): string {
    return `${this.type}/${this.name}`
  }

  get properties(): Readonly<Record<string, Value>> {
    return isObject(this.body.properties) ? this.body.properties : {}
  }
}

/** `Microsoft.Storage/storageAccounts/st/blobServices/default` of the type and the names. */
export function nestedId(type: string, names: readonly string[]): string {
  const [provider = '', ...types] = type.split('/')
  return [provider, ...types.flatMap((each, depth) => [each, names[depth] ?? ''])].join('/')
}

/** What Azure answers of a resource once it is there, or of where it is deployed: `storage.properties.primaryEndpoints`. */
export class Reference {
  readonly of: Resource | string
  readonly path: readonly string[]

  constructor(of: Resource | string, path: readonly string[]) {
    this.of = of
    this.path = path
  }

  toString(): string {
    return `⟦${[this.of instanceof Resource ? this.of.label : this.of, ...this.path].join('.')}⟧`
  }
}

/** A module that was deployed, with what it put out. */
export class Module {
  readonly name: string
  readonly file: string
  readonly outputs: Readonly<Record<string, Value>>

  constructor({ name, file, outputs }: { name: string; file: string; outputs: Readonly<Record<string, Value>> }) {
    this.name = name
    this.file = file
    this.outputs = outputs
  }
}

/** A resource or module whose condition is false. */
export class Absent {
  readonly symbol: string

  constructor(symbol: string) {
    this.symbol = symbol
  }
}

export class Lambda {
  readonly call: (...given: readonly Value[]) => Value

  constructor(call: (...given: readonly Value[]) => Value) {
    this.call = call
  }
}

export function isObject(value: Value | undefined): value is Readonly<Record<string, Value>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !isSymbolic(value as Value)
}

export function isArray(value: Value | undefined): value is readonly Value[] {
  return Array.isArray(value)
}

function isSymbolic(value: Value): value is Symbolic {
  return [Reference, Resource, Module, Absent, Lambda].some(kind => value instanceof kind)
}

/** The value at a path of names, e.g. `properties.encryption.keySource`; undefined where there is none. */
export function at(value: Value | undefined, path: string): Value | undefined {
  let found = value
  for (const key of path.split('.')) {
    if (isArray(found)) found = found[Number(key)]
    else found = isObject(found) ? found[key] : undefined
  }
  return found
}

/** As it stands within a string: objects as JSON, references in brackets that no Azure name holds. */
export function textOf(value: Value): string {
  if (value === null) return ''
  if (value instanceof Resource) return value.label
  if (value instanceof Reference) return value.toString()
  if (typeof value !== 'object') return String(value)
  return JSON.stringify(value, (_, part: Value) =>
    part instanceof Resource || part instanceof Reference ? textOf(part) : part,
  )
}
