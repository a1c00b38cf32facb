import { expect, test } from 'vitest'
import { splitStatements } from './statements.ts'

test('splitStatements() ends a statement at a semicolon outside texts, names and comments', () => {
  const script = `select ';' as ";"; -- the next; one\nselect /* ; */ $$;$$; select 3`
  expect(splitStatements(script)).toEqual({
    statements: [`select ';' as ";"`, '-- the next; one\nselect /* ; */ $$;$$'],
    rest: 'select 3',
  })
})

test('splitStatements() has no statement where there are only comments', () => {
  expect(splitStatements('-- nothing;\n;;')).toEqual({ statements: [], rest: '' })
})
