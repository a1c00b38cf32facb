import { expect, test } from 'vitest'
import { ItemId, UserId } from './ids.ts'

test.each(['/', '\\', '?', '#', '\n', '\u0000', '\u007f'])(
  'an id with %j is refused: Cosmos or a URL would not take it',
  mark => {
    for (const schema of [ItemId, UserId]) {
      for (const id of [mark, `a${mark}`, `${mark}b`, `a${mark}b`]) expect(schema.safeParse(id).success).toBe(false)
    }
  },
)

test('an id has 1 to 128 characters, and may be in any script, with spaces, dots and percent signs', () => {
  for (const id of ['a', 'x'.repeat(128), 'Ünï 7', '笔', '100%', 'a.b:c@d', 'trailing '])
    expect(ItemId.parse(id)).toBe(id)
  for (const id of ['', 'x'.repeat(129), 7, null, undefined]) expect(ItemId.safeParse(id).success).toBe(false)
})
