import { at, isArray, isObject, type Resource, textOf, type Value } from '../bicep/values.ts'
import type { Infrastructure, Scenario } from '../infrastructure.ts'

/** What a reader of the templates would ask for, in a sentence. */
export interface Policy {
  sentence: string
  /** What does not hold, and where; nothing when all holds. */
  broken(infrastructure: Infrastructure): string[]
  /** Types of resources, and the paths within them that it holds. */
  covers: Readonly<Record<string, readonly string[]>>
}

type Expected = Value | ((scenario: Scenario, resource: Resource) => Value | undefined)

/** A policy over each scenario; `covers` are the properties that it asks for. */
export function policy(
  sentence: string,
  broken: (scenario: Scenario, infrastructure: Infrastructure) => readonly string[],
  covers: Policy['covers'] = {},
): Policy {
  return {
    ...{ sentence, covers },
    broken: infrastructure =>
      infrastructure.scenarios.flatMap(scenario =>
        broken(scenario, infrastructure).map(what => `${scenario.name}: ${what}`),
      ),
  }
}

/** A policy over what is the same in every scenario. */
export function policyOfAll(sentence: string, broken: (infrastructure: Infrastructure) => readonly string[]): Policy {
  return { sentence, covers: {}, broken: infrastructure => [...broken(infrastructure)] }
}

/** Every resource of a type has these values, by path; undefined stands for none. There has to be one in some scenario. */
export function each(sentence: string, type: string, expected: Readonly<Record<string, Expected>>): Policy {
  const found = (infrastructure: Infrastructure) => infrastructure.scenarios.some(({ all }) => all(type).length > 0)
  const held = policy(
    sentence,
    scenario => scenario.all(type).flatMap(resource => differences(resource, scenario, expected)),
    { [type]: Object.keys(expected) },
  )
  return {
    ...held,
    broken: infrastructure => [
      ...(found(infrastructure) ? [] : [`there is no ${type}`]),
      ...held.broken(infrastructure),
    ],
  }
}

/** What a resource has otherwise than expected. */
function differences(resource: Resource, scenario: Scenario, expected: Readonly<Record<string, Expected>>): string[] {
  return Object.entries(expected).flatMap(([path, value]) => {
    const wanted = typeof value === 'function' ? value(scenario, resource) : value
    const found = at(resource.body, path)
    return same(found, wanted) ? [] : [`${resource.label}: ${path} is ${told(found)}, not ${told(wanted)}`]
  })
}

/** What one list has that the other lacks, both ways. */
export function unequal(what: string, found: readonly string[], wanted: readonly string[]): string[] {
  const twice = found.filter((name, index) => found.indexOf(name) !== index)
  return [
    ...found.filter(name => !wanted.includes(name)).map(name => `${what} ${name} is too much`),
    ...wanted.filter(name => !found.includes(name)).map(name => `${what} ${name} is missing`),
    ...twice.map(name => `${what} ${name} is there twice`),
  ]
}

function same(found: Value | undefined, wanted: Value | undefined): boolean {
  if (found === undefined || wanted === undefined) return found === wanted
  return textOf(sorted(found)) === textOf(sorted(wanted))
}

function sorted(value: Value): Value {
  if (isArray(value)) return value.map(sorted)
  if (!isObject(value)) return value
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, part]): [string, Value] => [key, sorted(part)])
      .sort(([left], [right]) => (left < right ? -1 : 1)),
  )
}

function told(value: Value | undefined): string {
  return value === undefined ? 'not there' : textOf(value).slice(0, 200)
}
