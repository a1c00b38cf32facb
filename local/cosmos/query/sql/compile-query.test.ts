import { expect, test } from 'vitest'
import { compileQuery } from './compile-query.ts'
import { parseQuery } from './parse-query.ts'

test('a subquery in FROM that aggregates is refused, where Azure may take it', () => {
  const query = parseQuery('SELECT * FROM (SELECT VALUE COUNT(1) FROM c) AS n')
  expect(() => compileQuery(query, new Map())).toThrow('cannot aggregate, order or limit')
})
