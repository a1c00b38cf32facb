import { globSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { describe, expect, test } from 'vitest'

const root = join(import.meta.dirname, '..')

/** What each layer may import besides itself; a layer is the first of these that a file's path begins with. */
const law: Readonly<Record<string, readonly string[]>> = {
  'shared/algorithms/kernels': ['shared/algorithms'],
  'shared/algorithms': [],
  'shared/schemas': [],
  'shared/ports.ts': ['shared/schemas'],
  'shared/runs': ['shared/algorithms', 'shared/schemas', 'shared/ports.ts'],
  // The Delta protocol: what bronze, silver and gold are written and read by.
  'shared/lake/delta': ['shared/schemas', 'shared/ports.ts'],
  // What the tables are called and hold.
  'shared/lake/tables': ['shared/schemas', 'shared/ports.ts', 'shared/lake/delta'],
  'shared/lake': [
    ...['shared/algorithms', 'shared/schemas', 'shared/ports.ts', 'shared/runs', 'shared/ingest'],
    ...['shared/lake/delta', 'shared/lake/tables', 'shared/privacy/tombstones'],
  ],
  // Who was erased: asked by all that takes in, learns or lists.
  'shared/privacy/tombstones': ['shared/schemas', 'shared/ports.ts', 'shared/lake/build/pseudonym.ts'],
  'shared/privacy': [
    ...['shared/algorithms', 'shared/schemas', 'shared/ports.ts', 'shared/runs', 'shared/ingest', 'shared/lake'],
    ...['shared/training', 'shared/sources', 'shared/models', 'shared/publishing', 'shared/exports'],
    'shared/privacy/tombstones',
  ],
  'shared/ingest': [
    ...['shared/algorithms', 'shared/schemas', 'shared/ports.ts', 'shared/runs'],
    // Personal values are masked before bronze holds them, by the pseudonyms of silver.
    ...['shared/lake/delta', 'shared/lake/tables', 'shared/lake/build/pseudonym.ts'],
    // Versions of bronze say where they came from as all others do.
    ...['shared/lake/lineage.ts', 'shared/lake/code-version.ts'],
    'shared/privacy/tombstones',
  ],
  'shared/training': [
    ...['shared/algorithms', 'shared/schemas', 'shared/ports.ts', 'shared/runs'],
    ...['shared/lake/delta', 'shared/lake/tables'],
  ],
  // Candidate sources: what a refresh makes for each, and how it is read.
  'shared/sources': ['shared/algorithms', 'shared/schemas', 'shared/ports.ts', 'shared/runs', 'shared/training'],
  'shared/models': ['shared/algorithms', 'shared/schemas', 'shared/ports.ts', 'shared/runs', 'shared/training'],
  'shared/publishing': [
    ...['shared/algorithms', 'shared/schemas', 'shared/ports.ts', 'shared/runs', 'shared/training'],
    ...['shared/lake', 'shared/sources', 'shared/privacy/tombstones'],
  ],
  'shared/serving': [
    ...['shared/algorithms', 'shared/schemas', 'shared/ports.ts', 'shared/training', 'shared/publishing'],
    ...['shared/sources', 'shared/runs', 'shared/privacy/tombstones'],
  ],
  // Lists for e-mail and push, as the API would answer them.
  'shared/exports': [
    ...['shared/algorithms', 'shared/schemas', 'shared/ports.ts', 'shared/runs', 'shared/training'],
    ...['shared/publishing', 'shared/sources', 'shared/serving', 'shared/api/lists/list-answer.ts'],
  ],
  // What operators do by the clock and by hand: schedules, settings at run time.
  'shared/operations': ['shared/schemas', 'shared/ports.ts', 'shared/runs', 'shared/publishing/live-pointer.ts'],
  // Copies of all stores, and back: it knows which of what is stored was under way, and who must stay erased.
  'shared/backup': ['shared/schemas', 'shared/ports.ts', 'shared/ingest', 'shared/lake', 'shared/privacy'],
  'shared/api': [
    'shared/operations',
    // The document says which release it describes.
    'shared/lake/code-version.ts',
    'shared/schemas',
    'shared/ports.ts',
    'shared/runs',
    'shared/ingest',
    'shared/publishing',
    'shared/privacy',
    'shared/sources',
    'shared/serving',
  ],
  'shared/adapters/duckdb': ['shared/schemas', 'shared/ports.ts'],
  'shared/adapters/memory': ['shared/schemas', 'shared/ports.ts', 'shared/adapters/duckdb'],
  'shared/adapters/files': ['shared/schemas', 'shared/ports.ts'],
  'shared/adapters/azure': [
    ...['shared/schemas', 'shared/ports.ts', 'shared/api', 'shared/ingest', 'shared/adapters/duckdb'],
  ],
  functions: ['shared'],
  commands: ['shared'],
  local: [],
}
/** Where Azure's packages may be imported: the app's adapters and triggers, and the stack that stands in for Azure. */
const azurePackages = ['shared/adapters/azure', 'functions', 'local', 'tests', 'bench']
/** Layers whose packages are named one by one. */
const packages: Readonly<Record<string, readonly string[]>> = {
  'shared/algorithms/kernels': ['node:worker_threads'],
  'shared/algorithms': [],
  // A schedule is checked by what reckons its times.
  'shared/schemas': ['zod', 'croner'],
  'shared/ports.ts': [],
}

const files = globSync(['shared/**/*.ts', 'functions/**/*.ts', 'local/**/*.ts', 'commands/**/*.ts'], {
  cwd: root,
}).filter(file => !file.endsWith('.test.ts'))
const imports = new Map(files.map(file => [file, importsOf(file)]))

describe('the layer law', () => {
  test('knows the layer of every file', () => {
    expect(files.length).toBeGreaterThan(100)
    expect(files.filter(file => layerOf(file) === undefined)).toEqual([])
  })

  test('holds for imports between layers', () => {
    const broken = files.flatMap(file => {
      const layer = layerOf(file) ?? ''
      const allowed = [layer, ...(law[layer] ?? [])]
      return targets(file)
        .filter(target => !allowed.some(prefix => isWithin(target, prefix)))
        .map(target => `${file} imports ${target}`)
    })
    expect(broken).toEqual([])
  })

  test('keeps Azure’s packages in adapters/azure, functions and the local stack', () => {
    const broken = files.flatMap(file => {
      if (azurePackages.some(prefix => isWithin(file, prefix))) return []
      return (imports.get(file) ?? []).filter(name => name.startsWith('@azure/')).map(name => `${file} imports ${name}`)
    })
    expect(broken).toEqual([])
  })

  test('lets algorithms and ports import no package, and schemas only zod and croner', () => {
    const broken = files.flatMap(file => {
      const allowed = packages[layerOf(file) ?? '']
      if (!allowed) return []
      return (imports.get(file) ?? [])
        .filter(name => !name.startsWith('.') && !allowed.includes(name))
        .map(name => `${file} imports ${name}`)
    })
    expect(broken).toEqual([])
  })

  test('has no circles', () => {
    const done = new Set<string>()
    const circles: string[] = []
    const visit = (file: string, path: readonly string[]): void => {
      if (path.includes(file)) circles.push([...path.slice(path.indexOf(file)), file].join(' -> '))
      if (done.has(file) || path.includes(file)) return
      for (const target of targets(file)) visit(target, [...path, file])
      done.add(file)
    }
    for (const file of files) visit(file, [])
    expect(circles).toEqual([])
  })

  test('keeps triggers to binding: at most 25 lines each', () => {
    const long = files.filter(
      // main.ts has a line a trigger, jobs.ts one or two a job.
      file =>
        file.startsWith('functions/') &&
        !['functions/main.ts', 'functions/jobs.ts'].includes(file) &&
        readFileSync(join(root, file), 'utf8').split('\n').length > 26,
    )
    expect(long).toEqual([])
  })

  test('keeps files to one idea: none over 300 lines', () => {
    const long = files.filter(file => readFileSync(join(root, file), 'utf8').split('\n').length > 301)
    expect(long).toEqual([])
  })

  test('reads the environment only where the app is put together', () => {
    const readers = files.filter(
      file => file.startsWith('shared/') && /process\.env/.test(readFileSync(join(root, file), 'utf8')),
    )
    expect(readers).toEqual([])
  })
})

/** What a file imports for its values; types alone tie no layers together at run time, but count for the law. */
function importsOf(file: string): string[] {
  const text = readFileSync(join(root, file), 'utf8')
  const found = text.matchAll(
    /(?:^|\n)\s*(?:import|export)\s[^'"`;]*?from\s+'([^']+)'|(?:^|\n)import\s+'([^']+)'|import\('([^']+)'\)/g,
  )
  return [...found].map(([, from, bare, dynamic]) => from ?? bare ?? dynamic ?? '')
}

function targets(file: string): string[] {
  return (imports.get(file) ?? [])
    .filter(name => name.startsWith('.'))
    .map(name => relative(root, join(root, dirname(file), name)))
    .filter(target => target.endsWith('.ts'))
}

function layerOf(file: string): string | undefined {
  return Object.keys(law).find(prefix => isWithin(file, prefix))
}

function isWithin(path: string, prefix: string): boolean {
  return path === prefix || path.startsWith(`${prefix}/`)
}
