import { hash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { deflateRawSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { buildApp } from '../local/build.ts'
import { checkContents, type PackageFile, packageFiles } from '../local/package/package-files.ts'
import { packedSizes, zip } from '../local/package/zip.ts'
import { projectRoot } from '../local/project-root.ts'

const folder = mkdtempSync(join(tmpdir(), 'sidecart-package-'))
let files: PackageFile[]

beforeAll(() => {
  files = packageFiles({ root: projectRoot, dist: join(projectRoot, 'dist') })
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

// A machine busy with tests takes its time.
describe('the package', { timeout: 60_000 }, () => {
  test('holds what runs in Azure and nothing else, native packages of linux-x64 alone', () => {
    const places = new Set(
      files.map(({ path }) => path.replace(/^(dist\/(sql|docs)|node_modules\/@duckdb\/[^/]+)\/.*/, '$1')),
    )
    expect([...places].sort()).toEqual([
      'dist/docs',
      'dist/main.cjs',
      'dist/read-secrets.cjs',
      'dist/sql',
      'host.json',
      'node_modules/@duckdb/node-api',
      'node_modules/@duckdb/node-bindings',
      'node_modules/@duckdb/node-bindings-linux-x64',
      'package.json',
    ])
    expect(files.map(({ path }) => path).filter(path => /\.(map|ts|md)$/.test(path))).toEqual([])
  })

  test('is under 70 MB', () => {
    // In a fraction of the time that zip() takes, and to more bytes.
    const packed = files.map(({ bytes }) => deflateRawSync(bytes, { level: 1 }).length)
    expect(packed.reduce((sum, bytes) => sum + bytes, 0)).toBeLessThan(70e6)
  })

  test('is the same for another build in another folder, byte for byte', async () => {
    const dist = join(folder, 'built-again')
    await buildApp(dist)
    const sums = (some: readonly PackageFile[]) => some.map(({ path, bytes }) => `${hash('sha256', bytes)} ${path}`)
    expect(sums(packageFiles({ root: projectRoot, dist }))).toEqual(sums(files))
  })

  test('is zipped to the same bytes at another time of another zone', () => {
    const small = files.filter(({ bytes }) => bytes.length < 100_000)
    const { TZ } = process.env
    const zips = ['Pacific/Auckland', 'America/Los_Angeles'].map(zone => {
      process.env.TZ = zone
      return Buffer.from(zip(small)).toString('base64')
    })
    if (TZ === undefined) delete process.env.TZ
    else process.env.TZ = TZ
    expect(zips[0] === zips[1]).toBe(true)
    expect(packedSizes(zip(small)).map(({ path }) => path)).toEqual(small.map(({ path }) => path))
  })

  test('is refused with a file that nobody expects, without one that is needed, and with another machine’s library', () => {
    const library = 'node_modules/@duckdb/node-bindings-linux-x64/libduckdb.so'
    const bytes = Buffer.alloc(64)
    expect(() => checkContents([...files, { path: 'local.settings.json', bytes }, { path: '.env', bytes }])).toThrow(
      'The package must not hold local.settings.json, .env',
    )
    expect(() => checkContents(files.filter(({ path }) => path !== 'dist/read-secrets.cjs'))).toThrow(
      'The package must hold 1 or more files like ^dist\\/read-secrets\\.cjs$: it has 0',
    )
    // Mach-O of 64 bits.
    bytes.writeUInt32LE(0xfeedfacf)
    expect(() => checkContents([...files, { path: library, bytes }])).toThrow(`${library} is no library of linux-x64`)
  })
})
