import { badRequest } from '../../errors.ts'
import type { BuiltIn } from './built-in.ts'
import { ARRAY_FUNCTIONS } from './functions-array.ts'
import { DATE_FUNCTIONS } from './functions-date.ts'
import { INTEGER_FUNCTIONS } from './functions-integer.ts'
import { MATH_FUNCTIONS } from './functions-math.ts'
import { STRING_FUNCTIONS } from './functions-string.ts'
import { TYPE_FUNCTIONS } from './functions-type.ts'

const FUNCTIONS = new Map<string, BuiltIn>(
  Object.entries({
    ...ARRAY_FUNCTIONS,
    ...DATE_FUNCTIONS,
    ...INTEGER_FUNCTIONS,
    ...MATH_FUNCTIONS,
    ...STRING_FUNCTIONS,
    ...TYPE_FUNCTIONS,
  }),
)

/** @throws CosmosError 400 for an unknown function or a wrong number of arguments */
export function builtIn(name: string, args: number): BuiltIn {
  const found = FUNCTIONS.get(name)
  if (!found) throw badRequest(`'${name}' is not a recognized built-in function name.`)
  if (args < found.least || args > found.most) {
    const count = found.least === found.most ? `${found.least}` : `${found.least} to ${found.most}`
    throw badRequest(`The ${name} function requires ${count} argument(s), it has ${args}.`)
  }
  return found
}
