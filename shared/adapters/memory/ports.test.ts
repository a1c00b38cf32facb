import { expect, test } from 'vitest'
import { memoryPorts } from './ports.ts'

test('ids count up and differ from their first digits on, as those of a run are cut', () => {
  const { uuid } = memoryPorts()
  const ids = [uuid(), uuid(), uuid()]
  expect(new Set(ids.map(id => id.slice(0, 8))).size).toBe(3)
  for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
})
