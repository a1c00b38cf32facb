import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { access } from '../../shared/api/access.ts'
import { endpoint } from '../../shared/api/endpoint.ts'
import { exampleRequests } from '../../shared/api/examples/requests.ts'
import { type OpenApiDocument, openApiDocument } from '../../shared/api/openapi/document.ts'
import { answeringShop, apiOver } from '../api-by-hand.ts'
import { clientSource } from './client-source.ts'
import { exampleAnswers, recorded } from './example-answers.ts'
import { formatted } from './formatted.ts'
import { brokenRules } from './openapi-rules.ts'
import { servedDocument } from './served-document.ts'

let document: OpenApiDocument
let names: string[]
beforeAll(async () => {
  const api = apiOver(await answeringShop())
  names = Object.keys(api.all)
  document = await servedDocument(api)
})

describe('the served OpenAPI document', () => {
  test('breaks no rule of OpenAPI 3.1', () => {
    expect(document.openapi).toMatch(/^3\.1\./)
    expect(brokenRules(document)).toEqual([])
  })

  test('has every endpoint under its name, and each of its older names, marked as old', () => {
    const operations = Object.values(document.paths).flatMap(Object.values)
    const current = operations.filter(({ deprecated }) => !deprecated).map(({ operationId }) => operationId)
    expect(current.sort()).toEqual(names.sort())
    expect(document.paths['/user_profile/{id}']?.get).toMatchObject({
      ...{ operationId: 'user-profile-alias1', deprecated: true },
      description: expect.stringContaining('An older name of /api/users/{id}/profile'),
    })
  })

  test('tells parameters as what they mean, not as the text they travel as', () => {
    const parameters = document.paths['/recommend/cart']?.get?.parameters ?? []
    const named = (name: string) => parameters.find(each => each.name === name)
    expect(named('limit')).toMatchObject({ schema: { type: 'integer', minimum: 1, maximum: 100, default: 10 } })
    expect(named('price_max')).toMatchObject({ required: false, schema: { type: 'number', minimum: 0 } })
    expect(named('items')).toMatchObject({
      ...{ required: true, style: 'form', explode: false },
      schema: { type: 'array', minItems: 1, maxItems: 50, items: { $ref: '#/components/schemas/ItemId' } },
    })
  })

  test('has a form of what may be sent beside that of what is answered, where defaults are filled in', () => {
    const { Placement, PlacementInput } = document.components.schemas
    expect(Placement?.required).toContain('backfill')
    expect(PlacementInput?.required).toEqual(['sources'])
    expect(document.paths['/api/placements/{name}']?.put?.requestBody?.content['application/json']?.schema).toEqual({
      $ref: '#/components/schemas/PlacementInput',
    })
  })

  test('says who may call what, and which codes it refuses with', () => {
    const { security, responses } = document.paths['/recommend/item/{id}']?.get ?? {}
    expect(security).toEqual([{ entra: ['reader'] }, { key: ['reader'] }, { shopper: [] }])
    expect(Object.keys(responses ?? {})).toEqual(
      expect.arrayContaining(['200', '400', '401', '403', '404', '429', '500']),
    )
    expect(responses?.[404]?.description).toBe('[unknown_item](docs/errors#unknown_item)')
    expect(document.paths['/health']?.get?.security).toEqual([])
  })
})

describe('examples', () => {
  test('are there for every operation, and for nothing else', () => {
    expect(Object.keys(exampleRequests).sort()).toEqual(names.sort())
    expect(Object.entries(exampleRequests).filter(([, byTitle]) => Object.keys(byTitle).length === 0)).toEqual([])
  })

  test('are answered as the document shows, each in the form that its operation promises', async () => {
    const answers = await exampleAnswers()
    const written: unknown = JSON.parse(
      readFileSync(join(import.meta.dirname, '../../shared/api/examples/answers.json'), 'utf8'),
    )
    // When this fails: npm run contract writes them anew.
    expect(recorded(answers)).toEqual(written)
    const all = Object.entries(answers).flatMap(([name, byTitle]) =>
      Object.entries(byTitle).map(([title, answer]) => ({ name, title, ...answer })),
    )
    expect(all.filter(({ isOfSchema }) => !isOfSchema)).toEqual([])
    const succeed = new Set(all.filter(({ status }) => status < 300).map(({ name }) => name))
    // The shop of the examples writes no export and has no model in memory: those are shown as they are refused.
    const refused = ['export', 'export-file', 'health-ready']
    expect(names.filter(name => !succeed.has(name) && !refused.includes(name))).toEqual([])
  })

  test('stand in the document beside what they ask, as values of its type', () => {
    const operation = document.paths['/recommend/user/{id}']?.get
    const limit = operation?.parameters.find(({ name }) => name === 'limit')
    expect(limit?.examples).toMatchObject({ 'Three items for Anna': { value: 3 } })
    const shown = operation?.responses[200]?.content?.['application/json']?.examples
    expect(shown?.['Three items for Anna']?.value).toMatchObject({ items: { length: 3 } })
  })
})

test('two schemas cannot take the same name: one of them would be documented as the other', () => {
  const answering = (name: string, field: string) =>
    endpoint({
      ...{ name, method: 'GET', path: `/${name}`, access: access.anyone, group: 'service', summary: 'A test' },
      output: z.object({ [field]: z.string() }),
      run: async () => ({ body: { [field]: '' } }),
    })
  const all = [answering('a-b', 'x'), answering('aB', 'y')]
  expect(() => openApiDocument(all, { version: '1', examples: {} })).toThrow(
    'Two schemas must not share a name: ABAnswer',
  )
})

test('the client’s operations are those of the document', () => {
  const file = 'client/src/operations.ts'
  // When this fails: npm run contract writes them anew.
  expect(readFileSync(join(import.meta.dirname, '../..', file), 'utf8')).toBe(formatted(file, clientSource(document)))
})
