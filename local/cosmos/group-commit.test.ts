import { DatabaseSync } from 'node:sqlite'
import { expect, test } from 'vitest'
import { GroupCommit } from './group-commit.ts'

function open(beforeCommit = (): void => undefined) {
  const database = new DatabaseSync(':memory:')
  database.exec('CREATE TABLE t (n INTEGER)')
  let rollbacks = 0
  const commits = new GroupCommit(database, { beforeCommit, afterRollback: () => (rollbacks += 1) })
  const insert = (n: number) => database.prepare('INSERT INTO t VALUES (?)').run(n)
  const count = () => database.prepare('SELECT COUNT(*) AS n FROM t').get()?.n
  return { database, commits, insert, count, rollbacks: () => rollbacks }
}

test('a write is acknowledged only after its transaction is committed', async () => {
  const { database, commits, insert } = open()
  const openWhenAcknowledged = await commits.write(() => insert(1)).then(() => database.isTransaction)
  expect(openWhenAcknowledged).toBe(false)
})

test('a read waits for the transaction that is open', async () => {
  const { database, commits, insert } = open()
  const write = commits.write(() => insert(1))
  expect(database.isTransaction).toBe(true)
  await commits.settled()
  expect(database.isTransaction).toBe(false)
  await write
})

test('a write that is refused leaves the others of its transaction alone', async () => {
  const { commits, insert, count } = open()
  const refused = commits.write(() => {
    throw new RangeError('refused')
  })
  const outcomes = await Promise.allSettled([commits.write(() => insert(1)), refused, commits.write(() => insert(2))])
  expect(outcomes.map(outcome => outcome.status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
  expect(count()).toBe(2)
})

test('when the commit fails no write of it is acknowledged, none is kept, and the next ones go on', async () => {
  let full = true
  const { commits, insert, count, rollbacks } = open(() => {
    if (full) throw new Error('disk full')
  })
  const outcomes = await Promise.allSettled([commits.write(() => insert(1)), commits.write(() => insert(2))])
  expect(outcomes.map(outcome => outcome.status)).toEqual(['rejected', 'rejected'])
  expect({ kept: count(), rollbacks: rollbacks() }).toEqual({ kept: 0, rollbacks: 1 })
  full = false
  await commits.write(() => insert(3))
  expect(count()).toBe(1)
})
