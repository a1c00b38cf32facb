import { describe, expect, test } from 'vitest'
import { compileRoute } from './route.ts'

const match = (template: string, path: string) => compileRoute(template, 'f').match(path)

describe('compileRoute()', () => {
  test.each([
    ['api/items', 'api/items', {}],
    ['api/items', 'API/Items/', {}],
    ['api/items', 'api/items/1', undefined],
    ['items/{id}', 'items/a%20b', { id: 'a b' }],
    ['items/{id}', 'items/a%2Fb', { id: 'a%2Fb' }],
    ['items/{id}', 'items/%E0%A4%A', undefined],
    ['items/{id}', 'items/', undefined],
    ['items/{id?}', 'items', {}],
    ['items/{id?}', 'items/7', { id: '7' }],
    ['{*rest}', '', { rest: '' }],
    ['files/{*rest}', 'files/a/b.txt', { rest: 'a/b.txt' }],
    ['files/{*rest}', 'files', { rest: '' }],
    ['files/{name}.{ext}', 'files/a.b.txt', { name: 'a.b', ext: 'txt' }],
    ['v1.0/x', 'v1a0/x', undefined],
    ['', '', {}],
  ])('"%s" against "%s" gives %j', (template, path, params) => {
    expect(match(template, path)).toEqual(params)
  })

  test.each([
    ['int', '12', true],
    ['int', '-12', true],
    ['int', '99999999999', false],
    ['int', 'x', false],
    ['long', '99999999999', true],
    ['alpha', 'abc', true],
    ['alpha', 'ab1', false],
    ['guid', '3F2504E0-4F89-11D3-9A0C-0305E82C3301', true],
    ['guid', '3F2504E0', false],
    ['bool', 'TRUE', true],
    ['min(3)', '2', false],
    ['range(1,5)', '5', true],
    ['length(2,3)', 'abcd', false],
    ['int:min(1)', '0', false],
  ])('constraint %s on "%s" is %s', (constraint, value, accepted) => {
    expect(match(`x/{id:${constraint}}`, `x/${value}`) !== undefined).toBe(accepted)
  })

  test('an optional parameter can carry a constraint', () => {
    expect(match('x/{id:int?}', 'x')).toEqual({})
    expect(match('x/{id:int?}', 'x/a')).toBeUndefined()
  })

  test.each([
    ['admin/x', 'reserved'],
    ['a//b', 'empty segment'],
    ['a/{id?}/b', 'at its end'],
    ['a/{id:prime}', 'constraint "prime"'],
    ['a/{id', 'cannot be read'],
    ['{id}/{ID}', 'twice'],
  ])('refuses "%s" as it %s', (template, why) => {
    expect(() => compileRoute(template, 'f')).toThrow(why)
  })
})
