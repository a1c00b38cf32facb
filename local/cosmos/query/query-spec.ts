import { badRequest } from '../errors.ts'
import { isObject, type Json } from '../json.ts'

const MAX_QUERY_CHARACTERS = 512 * 1024

export interface QuerySpec {
  query: string
  parameters: Map<string, Json>
}

/** @throws CosmosError 400 when the body is not { query, parameters: [{ name, value }] } */
export function querySpec(body: Json): QuerySpec {
  if (!isObject(body) || typeof body.query !== 'string') {
    throw badRequest("The input content is invalid because the required property 'query' is missing.")
  }
  if (body.query.length > MAX_QUERY_CHARACTERS) {
    throw badRequest(`The SQL query text exceeded the maximum limit of ${MAX_QUERY_CHARACTERS} characters.`)
  }
  const parameters = new Map<string, Json>()
  const given = body.parameters ?? []
  if (!Array.isArray(given)) throw badRequest('The parameters of a query must be an array of { name, value }.')
  for (const parameter of given) {
    if (!isObject(parameter) || typeof parameter.name !== 'string' || !parameter.name.startsWith('@')) {
      throw badRequest(`A query parameter's name must begin with '@': it is ${JSON.stringify(parameter)}.`)
    }
    // The SDK leaves a value of undefined out of its JSON; for Azure the parameter then has no value either.
    if (parameter.value !== undefined) parameters.set(parameter.name, parameter.value)
  }
  return { query: body.query, parameters }
}
