import { dirname, join } from 'node:path/posix'
import { evaluate, loop, type Names, truth } from './evaluate.ts'
import { BicepError, type Syntax } from './syntax.ts'
import { type Declaration, decorated, type Template } from './template.ts'
import { Absent, isArray, isObject, Module, Reference, Resource, textOf, type Value } from './values.ts'

/** Bicep files, parsed, and the files that they load. */
export interface Sources {
  template(file: string): Template
  text(file: string): string
}

export interface Deployment {
  /** Resources whose conditions hold, in the order of evaluation; not those that `existing` refers to. */
  resources: readonly Resource[]
  outputs: Readonly<Record<string, Value>>
  /** Files of the modules that were deployed. */
  modules: ReadonlySet<string>
}

/**
 * What a Bicep file deploys with these parameters.
 * @throws BicepError naming file and line
 */
export function deploy(file: string, parameters: Readonly<Record<string, Value>>, sources: Sources): Deployment {
  const found = { resources: [] as Resource[], modules: new Set<string>() }
  const outputs = new Evaluation({ file, parameters, sources, found, place: { file, line: 1 } }).deploy()
  return { ...found, outputs }
}

interface Started {
  file: string
  parameters: Readonly<Record<string, Value>>
  sources: Sources
  found: { resources: Resource[]; modules: Set<string> }
  /** Of the module's call. */
  place: { file: string; line: number }
}

/** One file at work: names are evaluated when they are first asked for. */
class Evaluation implements Names {
  readonly #of: Started
  readonly #template: Template
  readonly #values = new Map<string, Value>()
  readonly #underway = new Set<string>()

  constructor(of: Started) {
    this.#of = of
    this.#template = of.sources.template(of.file)
    const known = this.#template.declarations.filter(({ kind }) => kind === 'param').map(({ name }) => name)
    const unknown = Object.keys(of.parameters).find(name => !known.includes(name))
    if (unknown !== undefined) throw new BicepError(of.place, `${of.file} has no parameter ${unknown}`)
  }

  deploy(): Readonly<Record<string, Value>> {
    const outputs: Record<string, Value> = {}
    for (const declaration of this.#template.declarations) {
      if (declaration.kind !== 'output') this.#declared(declaration)
    }
    for (const { kind, name, node } of this.#template.declarations) {
      if (kind !== 'output') continue
      outputs[name] = checkedType(node, evaluate(last(node), this), name)
    }
    return outputs
  }

  valueOf(name: string): Value | undefined {
    const declaration = this.#template.declarations.find(found => found.kind !== 'output' && found.name === name)
    return declaration && this.#declared(declaration)
  }

  load(path: string): string {
    return this.#of.sources.text(join(dirname(this.#of.file), path))
  }

  #declared(declaration: Declaration): Value {
    const { name, node } = declaration
    const known = this.#values.get(name)
    if (known !== undefined) return known
    if (this.#underway.has(name)) throw new BicepError(node, `${name} needs itself`)
    this.#underway.add(name)
    const value = this.#evaluated(declaration)
    this.#values.set(name, value)
    return value
  }

  #evaluated(declaration: Declaration): Value {
    switch (declaration.kind) {
      case 'param':
        return this.#parameter(declaration)
      case 'resource':
        return this.#deployed(declaration, (body, names) => this.#resource(declaration, body, names))
      case 'module':
        return this.#deployed(declaration, (body, names) => this.#module(declaration, body, names))
      default:
        return evaluate(last(declaration.node), this)
    }
  }

  #parameter(declaration: Declaration): Value {
    const { name, node } = declaration
    const given = this.#of.parameters[name]
    const fallback = node.parts[2]
    if (given === undefined && fallback === undefined) {
      throw new BicepError(this.#of.place, `${this.#of.file} needs the parameter ${name}`)
    }
    const value = checkedType(node, given ?? evaluate(last(node), this), name)
    const allowed = decorated(declaration, 'allowed')?.[0]
    const values = allowed && evaluate(allowed, this)
    if (isArray(values) && !values.includes(value)) {
      throw new BicepError(
        this.#of.place,
        `${name} must be one of ${textOf(values)}: current value is ${textOf(value)}`,
      )
    }
    return value
  }

  /** Calls back for each item of a loop and for no condition that is false. */
  #deployed({ name, node }: Declaration, make: (body: Syntax, names: Names) => Value): Value {
    const one = (body: Syntax, names: Names): Value => {
      if (body.kind === 'object') return make(body, names)
      const [condition, object] = body.parts
      if (body.kind !== 'if_statement' || !condition || !object)
        throw new BicepError(body, `the reader does not know ${body.kind}`)
      return truth(condition, names) ? make(object, names) : new Absent(name)
    }
    const body = last(node)
    return body.kind === 'for_statement' ? loop(body, this, (each, names) => [one(each, names)]) : one(body, this)
  }

  #resource({ name: symbol, node }: Declaration, object: Syntax, names: Names): Resource {
    const { name, parent, scope, dependsOn, ...body } = record(object, names)
    const [written, apiVersion] = (node.parts[1]?.parts[0]?.text ?? '').split('@')
    if (!written || !apiVersion) throw new BicepError(node, `${symbol} needs a type and an API version`)
    if (parent !== undefined && !(parent instanceof Resource))
      throw new BicepError(node, `the parent of ${symbol} is not there: ${textOf(parent ?? null)}`)
    if (scope instanceof Absent)
      throw new BicepError(node, `${scope.symbol}, the scope of ${symbol}, is not deployed here`)
    const resource = new Resource({
      ...{ type: written, apiVersion, symbol, body, parent, scope, dependsOn, existing: node.existing === true },
      name: `${parent ? `${parent.name}/` : ''}${nameOf(node, name)}`,
      place: { file: node.file, line: node.line },
    })
    if (!resource.existing) this.#of.found.resources.push(resource)
    return resource
  }

  #module({ node }: Declaration, object: Syntax, names: Names): Module {
    const { params = {}, name } = record(object, names)
    const path = node.parts[1]?.parts[0]?.text ?? ''
    const file = join(dirname(this.#of.file), path)
    if (!isObject(params)) throw new BicepError(node, `params must be an object: ${textOf(params)}`)
    this.#of.found.modules.add(file)
    const place = { file: node.file, line: node.line }
    const outputs = new Evaluation({ ...this.#of, file, parameters: params, place }).deploy()
    return new Module({ name: name === undefined ? '' : nameOf(node, name), file, outputs })
  }
}

function record(object: Syntax, names: Names): Record<string, Value> {
  const value = evaluate(object, names)
  if (!isObject(value)) throw new BicepError(object, `an object is needed: ${object.text.slice(0, 60)}`)
  return { ...value }
}

function nameOf(node: Syntax, name: Value | undefined): string {
  if (typeof name === 'string') return name
  throw new BicepError(node, `a name must be a string: current value is ${textOf(name ?? null)}`)
}

function last(node: Syntax): Syntax {
  const found = node.parts.at(-1)
  if (found === undefined) throw new BicepError(node, `nothing stands in ${node.text.slice(0, 60)}`)
  return found
}

const checks: Readonly<Record<string, (value: Value) => boolean>> = {
  string: value => typeof value === 'string',
  int: value => typeof value === 'number',
  bool: value => typeof value === 'boolean',
  object: value => isObject(value),
  array: value => isArray(value),
}

/** What a Reference will be is known to Azure alone. */
function checkedType(node: Syntax, value: Value, name: string): Value {
  const type = node.parts[1]?.text ?? ''
  const check = type.endsWith('[]') ? checks.array : checks[type]
  if (check === undefined) throw new BicepError(node, `the reader does not know the type ${type} of ${name}`)
  if (value instanceof Reference || check(value)) return value
  throw new BicepError(node, `${name} must be ${type}: current value is ${textOf(value)}`)
}
