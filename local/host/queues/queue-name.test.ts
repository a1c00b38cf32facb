import { expect, test } from 'vitest'
import { poisonQueueName, queueName } from './queue-name.ts'

test('a queue name is taken in lower case', () => {
  expect(queueName('Orders-2', 'function "f"')).toBe('orders-2')
})
test.each(['ab', 'a'.repeat(64), '-orders', 'orders-', 'orders--in', 'orders_in', 'órders', ''])(
  '"%s" names no queue: the function is refused',
  name => {
    expect(() => queueName(name, 'function "take"')).toThrow(`queueName of function "take" must be 3 to 63`)
  },
)
test('a poison queue has no poison queue of its own, nor has a queue whose name would get too long', () => {
  expect(poisonQueueName('orders')).toBe('orders-poison')
  expect(poisonQueueName('orders-poison')).toBeUndefined()
  expect(poisonQueueName('a'.repeat(56))).toBe(`${'a'.repeat(56)}-poison`)
  expect(poisonQueueName('a'.repeat(57))).toBeUndefined()
})
