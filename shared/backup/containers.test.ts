import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { backedUpContainers, storedCollections } from './containers.ts'

const Resources = z.object({
  cosmos: z.object({ containers: z.array(z.object({ name: z.string() })) }),
  blobContainers: z.array(z.string()),
})

test('everything that a deployment makes is backed up, but for sealed answers to repeats', () => {
  const file = join(import.meta.dirname, '../../infra/resources.json')
  const { cosmos, blobContainers } = Resources.parse(JSON.parse(readFileSync(file, 'utf8')))
  const names = cosmos.containers.map(({ name }) => name).filter(name => name !== 'requests')
  expect(storedCollections.map(({ container }) => container).sort()).toEqual(names.sort())
  expect([...backedUpContainers].sort()).toEqual(blobContainers.sort())
})

test('the pointer is copied before all lists, leases after it, and who was erased last', () => {
  const order = storedCollections.map(({ container }) => container)
  expect([order[0], ...order.slice(-2)]).toEqual(['models', 'runs', 'privacy'])
})
