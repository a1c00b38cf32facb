import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { nativeFiles } from './native-files.ts'

let root: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'sidecart-native-'))
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

const place = (...paths: string[]) => {
  for (const path of paths) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), path.endsWith('package.json') ? '{"version":"1.0.0"}' : '')
  }
}
const lock = (packages: Record<string, object>) =>
  writeFileSync(
    join(root, 'package-lock.json'),
    JSON.stringify({
      packages: Object.fromEntries(
        Object.entries(packages).map(([name, facts]) => [`node_modules/${name}`, { version: '1.0.0', ...facts }]),
      ),
    }),
  )

test('of packages a platform each, that of linux-x64 with glibc goes in, whatever else is installed', () => {
  const platforms = {
    'ann-linux-x64': { os: ['linux'], cpu: ['x64'], libc: ['glibc'] },
    'ann-linux-x64-musl': { os: ['linux'], cpu: ['x64'], libc: ['musl'] },
    'ann-linux-arm64': { os: ['linux'], cpu: ['arm64'] },
    'ann-darwin-x64': { os: ['darwin'], cpu: ['x64'] },
  }
  const optionalDependencies = Object.fromEntries(Object.keys(platforms).map(name => [name, '1.0.0']))
  lock({ ann: { optionalDependencies }, ...platforms })
  for (const name of ['ann', ...Object.keys(platforms)]) place(`node_modules/${name}/package.json`)
  place('node_modules/ann/index.js', 'node_modules/ann-linux-x64/ann.node', 'node_modules/ann-darwin-x64/ann.node')
  expect(nativeFiles(['ann'], root).sort()).toEqual([
    'node_modules/ann-linux-x64/ann.node',
    'node_modules/ann-linux-x64/package.json',
    'node_modules/ann/index.js',
    'node_modules/ann/package.json',
  ])
})

test('of a package with all platforms within, only linux-x64’s goes in, without types, maps and words', () => {
  lock({ scorer: {} })
  place(
    ...['package.json', 'LICENSE', 'README.md', 'dist/index.js', 'dist/index.d.ts', 'dist/index.js.map'].map(
      path => `node_modules/scorer/${path}`,
    ),
    ...['linux/x64', 'linux/arm64', 'darwin/x64', 'darwin/arm64', 'win32/x64'].flatMap(platform => [
      `node_modules/scorer/bin/napi-v6/${platform}/binding.node`,
      `node_modules/scorer/bin/napi-v6/${platform}/libscorer.so.1`,
    ]),
  )
  expect(nativeFiles(['scorer'], root).sort()).toEqual([
    'node_modules/scorer/LICENSE',
    'node_modules/scorer/bin/napi-v6/linux/x64/binding.node',
    'node_modules/scorer/bin/napi-v6/linux/x64/libscorer.so.1',
    'node_modules/scorer/dist/index.js',
    'node_modules/scorer/package.json',
  ])
})

test('a package that is not there, as this machine is another, is named with what gets it', () => {
  lock({ ann: { dependencies: { 'ann-linux-x64': '1.0.0' } }, 'ann-linux-x64': { os: ['linux'], version: '2.0.0' } })
  place('node_modules/ann/package.json')
  const needs = 'The package needs ann-linux-x64 2.0.0, which'
  const install = 'Get it with: npm install --no-save --force ann-linux-x64@2.0.0'
  expect(() => nativeFiles(['ann'], root)).toThrow(
    `${needs} is not installed, as it is not for this machine. ${install}`,
  )
  place('node_modules/ann-linux-x64/package.json')
  expect(() => nativeFiles(['ann'], root)).toThrow(`${needs} is here as 1.0.0. ${install}`)
})
