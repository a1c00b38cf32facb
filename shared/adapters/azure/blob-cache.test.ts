import { readFile, writeFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { blobCache } from './blob-cache.ts'

test('blobs that are asked for at once are each their own file', async () => {
  const localFile = blobCache()
  const names = ['silver/orders', 'silver/products', 'silver/customers']
  const files = await Promise.all(names.map(name => localFile(name, file => writeFile(file, name).then(() => true))))
  expect(await Promise.all(files.map(file => readFile(file ?? '', 'utf8')))).toEqual(names)
})

test('a blob is fetched once, also when it is asked for while it is on its way', async () => {
  const localFile = blobCache()
  let fetched = 0
  const fetch = async (file: string) => {
    fetched += 1
    await writeFile(file, 'orders')
    return true
  }
  const files = await Promise.all([localFile('silver/orders', fetch), localFile('silver/orders', fetch)])
  expect(files[0]).toBe(files[1])
  expect(await localFile('silver/orders', fetch)).toBe(files[0])
  expect(fetched).toBe(1)
})

test('a blob that is not there has no file, and is asked for again', async () => {
  const localFile = blobCache()
  expect(await localFile('silver/orders', async () => undefined)).toBeUndefined()
  expect(await localFile('silver/orders', file => writeFile(file, 'orders').then(() => true))).toBeDefined()
})
