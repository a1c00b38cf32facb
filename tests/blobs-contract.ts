import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { BlobEntry, Blobs } from '../shared/ports.ts'

interface Opened {
  blobs: Blobs
  close(): Promise<void>
}

/** The container that the suite writes to; an adapter to containers of its own makes it before. */
export const contractContainer = 'contract'

/** What every adapter of the Blobs port holds, whatever it keeps its bytes in. */
export function blobsContract(adapter: string, open: () => Promise<Opened>): void {
  describe(`blobs in ${adapter}`, () => {
    let opened: Opened
    let folders = 0
    /** A folder for each test, so that none sees another's blobs. */
    const folder = () => {
      folders += 1
      return { blobs: opened.blobs, at: (name: string) => `${contractContainer}/test-${folders}/${name}` }
    }
    beforeAll(async () => {
      opened = await open()
    })
    afterAll(() => opened?.close())

    test('a blob that was never written reads as undefined', async () => {
      const { blobs, at } = folder()
      expect(await blobs.read(at('gone'))).toBeUndefined()
      expect(await blobs.read(at('gone/deeper'))).toBeUndefined()
    })

    test('bytes read are the bytes written, all 256 of them, a million over', async () => {
      const { blobs, at } = folder()
      const bytes = Uint8Array.from({ length: 1_000_000 }, (_, index) => index % 256)
      await blobs.write(at('all/bytes.bin'), bytes)
      expect(Buffer.compare(Buffer.from((await blobs.read(at('all/bytes.bin'))) ?? []), Buffer.from(bytes))).toBe(0)
    })

    test('readRange() gives the bytes asked for, at the start, in the middle, at the very end, and none', async () => {
      const { blobs, at } = folder()
      await blobs.write(
        at('matrix.bin'),
        Uint8Array.from({ length: 100_000 }, (_, index) => index % 251),
      )
      const range = async (offset: number, length: number) => [
        ...((await blobs.readRange(at('matrix.bin'), offset, length)) ?? []),
      ]
      expect(await range(0, 4)).toEqual([0, 1, 2, 3])
      expect(await range(50_000, 2)).toEqual([50_000 % 251, 50_001 % 251])
      expect(await range(99_999, 1)).toEqual([99_999 % 251])
      expect(await range(100_000, 0)).toEqual([])
      expect(await range(1, 99_999)).toHaveLength(99_999)
    })

    test('readRange() tells a blob that is not there from one that is too short', async () => {
      const { blobs, at } = folder()
      expect(await blobs.readRange(at('gone'), 0, 1)).toBeUndefined()
      expect(await blobs.readRange(at('gone'), 0, 0)).toBeUndefined()
      await blobs.write(at('short'), text('12345'))
      for (const [offset, length] of [
        ...([
          [0, 6],
          [4, 2],
          [5, 1],
        ] as const),
        ...([
          [6, 0],
          [100, 5],
        ] as const),
      ]) {
        const message = `Cannot read ${at('short')} as byte ${offset + length} lies beyond its end`
        await expect(blobs.readRange(at('short'), offset, length)).rejects.toThrow(message)
      }
      await expect(async () => blobs.readRange(at('short'), -1, 2)).rejects.toThrow(RangeError)
      await expect(async () => blobs.readRange(at('short'), 0, 1.5)).rejects.toThrow(RangeError)
    })

    test('an empty blob is there, and empty', async () => {
      const { blobs, at } = folder()
      await blobs.write(at('empty'), new Uint8Array())
      expect((await blobs.read(at('empty')))?.length).toBe(0)
      expect(await entries(blobs, at(''))).toMatchObject([{ path: at('empty'), bytes: 0 }])
    })

    test('a second write takes the place of the first, also when it is shorter', async () => {
      const { blobs, at } = folder()
      await blobs.write(at('list'), text('ten o’clock'))
      await blobs.write(at('list'), text('noon'))
      expect(await readText(blobs, at('list'))).toBe('noon')
    })

    test('what the caller does to its own bytes afterwards changes nothing', async () => {
      const { blobs, at } = folder()
      const mine = text('kept')
      await blobs.write(at('copy'), mine)
      mine.fill(0)
      const read = await blobs.read(at('copy'))
      read?.fill(0)
      expect(await readText(blobs, at('copy'))).toBe('kept')
    })

    test('create() writes once and leaves what is there', async () => {
      const { blobs, at } = folder()
      expect(await blobs.create(at('plan.json'), text('first'))).toBe(true)
      expect(await blobs.create(at('plan.json'), text('second'))).toBe(false)
      expect(await readText(blobs, at('plan.json'))).toBe('first')
    })

    test('of many who create one blob at once exactly one does, and its bytes stay', async () => {
      const { blobs, at } = folder()
      const names = ['a', 'b', 'c', 'd', 'e', 'f']
      const wrote = await Promise.all(names.map(name => blobs.create(at('plan.json'), text(name))))
      expect(wrote.filter(Boolean)).toHaveLength(1)
      expect(await readText(blobs, at('plan.json'))).toBe(names[wrote.indexOf(true)])
    })

    test('a removed blob is gone, and removing it again is no error', async () => {
      const { blobs, at } = folder()
      await blobs.write(at('a.json'), Buffer.from('1'))
      await blobs.write(at('b.json'), Buffer.from('2'))
      await blobs.remove(at('a.json'))
      await blobs.remove(at('a.json'))
      expect(await blobs.read(at('a.json'))).toBeUndefined()
      expect((await Array.fromAsync(blobs.list(at('')))).map(({ path }) => path)).toEqual([at('b.json')])
    })

    test('append() makes the blob and then adds to its end', async () => {
      const { blobs, at } = folder()
      await blobs.append(at('run.ndjson'), '{"at":1}\n')
      await blobs.append(at('run.ndjson'), '{"naïve":"Zoë"}\n')
      expect(await readText(blobs, at('run.ndjson'))).toBe('{"at":1}\n{"naïve":"Zoë"}\n')
    })

    test('list() gives what begins with the prefix, by name, with its size, whatever the order of writing', async () => {
      const { blobs, at } = folder()
      for (const name of ['b/2', 'c', 'b/10', 'a/x', 'b-side']) await blobs.write(at(name), text(name))
      expect(await paths(blobs, at(''))).toEqual(['a/x', 'b-side', 'b/10', 'b/2', 'c'].map(at))
      expect(await entries(blobs, at('b/'))).toMatchObject([
        { path: at('b/10'), bytes: 4 },
        { path: at('b/2'), bytes: 3 },
      ])
      expect(await paths(blobs, at('b/1'))).toEqual([at('b/10')])
      expect(await paths(blobs, at('nothing/'))).toEqual([])
    })

    test('localFile() with an etag gives that content, and nothing once the blob has another or is gone', async () => {
      const { blobs, at } = folder()
      await blobs.write(at('orders.csv'), text('ten'))
      const first = await etag(blobs, at('orders.csv'))
      expect(await readFile((await blobs.localFile(at('orders.csv'), first)) ?? '', 'utf8')).toBe('ten')
      await blobs.write(at('orders.csv'), text('two'))
      const second = await etag(blobs, at('orders.csv'))
      expect(await readFile((await blobs.localFile(at('orders.csv'), second)) ?? '', 'utf8')).toBe('two')
      await blobs.write(at('stock.csv'), text('ten'))
      const third = await etag(blobs, at('stock.csv'))
      await blobs.write(at('stock.csv'), text('six'))
      expect(await blobs.localFile(at('stock.csv'), third)).toBeUndefined()
      expect(await blobs.localFile(at('gone.csv'), third)).toBeUndefined()
    })

    test('an etag stays while the content stays and changes with it, also at the same size', async () => {
      const { blobs, at } = folder()
      await blobs.write(at('orders.csv'), text('v1'))
      await blobs.write(at('other.csv'), text('v1'))
      const first = await etag(blobs, at('orders.csv'))
      expect(await etag(blobs, at('orders.csv'))).toBe(first)
      await blobs.write(at('orders.csv'), text('v2'))
      const second = await etag(blobs, at('orders.csv'))
      await blobs.write(at('orders.csv'), text('v3'))
      const third = await etag(blobs, at('orders.csv'))
      expect(new Set([first, second, third]).size).toBe(3)
    })

    test('names with spaces, dots, equal signs and accents are kept as they are', async () => {
      const { blobs, at } = folder()
      const name = at('date=2011-12-09/.Été n° 1 (copy).csv')
      await blobs.write(name, text('x'))
      expect(await paths(blobs, at('date='))).toEqual([name])
      expect(await readText(blobs, name)).toBe('x')
    })
  })
}

const text = (content: string) => new Uint8Array(Buffer.from(content))

async function readText(blobs: Blobs, path: string): Promise<string | undefined> {
  const bytes = await blobs.read(path)
  return bytes && new TextDecoder().decode(bytes)
}

async function entries(blobs: Blobs, prefix: string): Promise<BlobEntry[]> {
  return Array.fromAsync(blobs.list(prefix))
}

async function paths(blobs: Blobs, prefix: string): Promise<string[]> {
  return (await entries(blobs, prefix)).map(({ path }) => path)
}

async function etag(blobs: Blobs, path: string): Promise<string | undefined> {
  return (await entries(blobs, path))[0]?.etag
}
