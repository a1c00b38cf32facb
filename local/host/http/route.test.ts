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
    ['items/{id=5}', 'items', { id: '5' }],
    ['items/{id:int=5}', 'items/7', { id: '7' }],
    ['{section=shop}/{page=1}', 'news', { section: 'news', page: '1' }],
    ['{a?}/{b?}', 'x', { a: 'x' }],
    ['a/{id?}/b', 'a/1/b', { id: '1' }],
    ['a/{id?}/b', 'a/b', undefined],
    ['{*rest}', '', {}],
    ['{**rest}', 'a/b/', { rest: 'a/b' }],
    ['{*rest=home}', '', { rest: 'home' }],
    ['files/{*rest}', 'files/a/b.txt', { rest: 'a/b.txt' }],
    ['files/{*rest}', 'files', {}],
    ['files/{*rest}', 'files/a%2Fb/c%20d', { rest: 'a%2Fb/c d' }],
    ['files/{*rest:int}', 'files', undefined],
    ['files/{name}.{ext?}', 'files/a', { name: 'a' }],
    ['files/{name}.{ext?}', 'files/a.b', { name: 'a', ext: 'b' }],
    ['files/{name}.{ext?}', 'files/a.', undefined],
    ['v{major}-{minor}', 'V1-2', { major: '1', minor: '2' }],
    ['a b/{{x}}', 'a%20b/{x}', {}],
    ['items/{id}', 'items//', undefined],
    ['items/{id}', 'items/7//', undefined],
    ['items/{Id}', 'items/7', { Id: '7' }],
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
    ['guid', '(3F2504E0-4F89-11D3-9A0C-0305E82C3301)', true],
    ['guid', '3F2504E04F8911D39A0C0305E82C3301', true],
    ['int', '+7', true],
    ['long', '9223372036854775808', false],
    ['datetime', '2026-02-28', true],
    ['datetime', '2026-02-29', false],
    ['datetime', '12-31-2016 7:32 PM', true],
    ['datetime', '2026-01-31T23:59:59.5Z', true],
    ['datetime', '2026-01-31T24:00', false],
    ['datetime', 'soon', false],
    ['decimal', '-1,000.5', true],
    ['decimal', '1e5', false],
    ['double', '1e5', true],
    ['double', '0x10', false],
    ['float', 'one', false],
    ['regex(^a{{2}}$)', 'AA', true],
    ['regex(^a{{2}}$)', 'aaa', false],
    ['regex(^(x|y:z)$):minlength(2)', 'y:z', true],
    ['regex(^(x|y:z)$):minlength(2)', 'x', false],
    ['minlength(2)', 'a', false],
    ['maxlength(2)', 'abc', false],
    ['length(2)', 'ab', true],
    ['length(2)', 'abc', false],
    ['required', 'a', true],
    ['file', 'a.txt', true],
    ['nonfile', 'a.txt', false],
    ['max(3)', '4', false],
    ['min(3)', '3.5', false],
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
    ['Runtime/x', 'reserved'],
    ['a//b', 'empty segment'],
    ['{*rest}/b', 'only as its end: "rest"'],
    ['x{*rest}', 'only as its end: "rest"'],
    ['a/{*rest?}', 'catch-all parameter "rest", which cannot be optional'],
    ['a/{id=1?}', 'optional parameter "id", which cannot have a default'],
    ['a/{id?}x', 'optional parameter only as a segment or behind its last period'],
    ['{a}{b}', 'a text in front of "{b}"'],
    ['a/{id:prime}', 'constraint "prime"'],
    ['a/{id:length}', 'constraint "length"'],
    ['a/{id:range(1)}', 'constraint "range(1)"'],
    ['a/{}', 'a parameter without a name'],
    ['a/{id', 'cannot be read at "{id"'],
    ['a/b?', 'cannot be read at "?"'],
    ['{id}/{ID}', 'twice'],
  ])('refuses "%s" as it %s', (template, why) => {
    expect(() => compileRoute(template, 'f')).toThrow(why)
  })
})
