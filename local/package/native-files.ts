import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'

/** What Azure runs Node functions on. */
const platform = { os: 'linux', cpu: 'x64', libc: 'glibc' } as const

/** Folders in which packages that bring all platforms keep them apart, as onnxruntime-node does. */
const platformFolders = new Set<string>([
  ...['linux', 'darwin', 'win32', 'freebsd', 'android', 'linuxmusl'],
  ...['x64', 'arm64', 'arm', 'ia32', 'ppc64', 's390x', 'riscv64'],
])
/** What runs, and what its licence wants to be kept with it; no types, no maps, no words about it. */
const runs = /(\.(js|cjs|mjs|node|wasm)|\.so(\.\d+)*|(^|\/)package\.json|(^|\/)LICEN[CS]E[^/]*)$/
/** DuckDB asks it whether the machine has musl, and takes glibc where it is not there: as Azure has it. */
const leftOut = new Set(['detect-libc'])

const Names = z.record(z.string(), z.string()).default({})
const Locked = z.object({
  version: z.string(),
  os: z.array(z.string()).optional(),
  cpu: z.array(z.string()).optional(),
  libc: z.array(z.string()).optional(),
  dependencies: Names,
  optionalDependencies: Names,
})
type Locked = z.infer<typeof Locked>
const Lock = z.object({ packages: z.record(z.string(), z.unknown()) })
const Installed = z.object({ version: z.string() })

/**
 * The files of native packages and of all they need, as paths from `root`: of one platform alone, whatever this machine is.
 * @throws Error naming what is not installed, or not in the version of package-lock.json, and how to get it
 */
export function nativeFiles(names: readonly string[], root: string): string[] {
  const { packages } = Lock.parse(JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')))
  const locked = (name: string) => Locked.parse(packages[`node_modules/${name}`])
  const needed = new Set<string>()
  const need = (name: string) => {
    if (needed.has(name) || leftOut.has(name) || !isForAzure(locked(name))) return
    needed.add(name)
    const { dependencies, optionalDependencies } = locked(name)
    for (const each of Object.keys({ ...dependencies, ...optionalDependencies })) need(each)
  }
  for (const name of names) need(name)
  return [...needed].flatMap(name => {
    checkInstalled(name, locked(name).version, root)
    const folder = `node_modules/${name}`
    return globSync('**/*', { cwd: join(root, folder), withFileTypes: true })
      .filter(entry => entry.isFile())
      .map(entry => join(entry.parentPath, entry.name).slice(join(root, folder).length + 1))
      .filter(path => runs.test(path) && !isOfOtherPlatform(path))
      .map(path => `${folder}/${path}`)
  })
}

function isForAzure({ os, cpu, libc }: Locked): boolean {
  return (
    (os?.includes(platform.os) ?? true) &&
    (cpu?.includes(platform.cpu) ?? true) &&
    (libc?.includes(platform.libc) ?? true)
  )
}

/** By its folders. */
function isOfOtherPlatform(path: string): boolean {
  const folders = path.split('/').slice(0, -1)
  return folders.some(each => platformFolders.has(each) && each !== platform.os && each !== platform.cpu)
}

function checkInstalled(name: string, version: string, root: string): void {
  const installed = installedVersion(join(root, 'node_modules', name, 'package.json'))
  if (installed === version) return
  const found = installed === undefined ? 'is not installed, as it is not for this machine' : `is here as ${installed}`
  throw new Error(
    `The package needs ${name} ${version}, which ${found}. Get it with: npm install --no-save --force ${name}@${version}`,
  )
}

function installedVersion(file: string): string | undefined {
  try {
    return Installed.parse(JSON.parse(readFileSync(file, 'utf8'))).version
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return undefined
    throw cause
  }
}

/** @throws Error for a library that Azure's machines could not load. Source: the ELF header, e_ident and e_machine */
export function checkLibrary(path: string, bytes: Uint8Array): void {
  if (!/\.node$|\.so(\.\d+)*$/.test(path)) return
  const isElf64 = [0x7f, 0x45, 0x4c, 0x46, 2, 1].every((byte, at) => bytes[at] === byte)
  const [low, high] = [bytes[18], bytes[19]]
  const x8664 = 0x3e
  if (isElf64 && low === x8664 && high === 0) return
  const header = Buffer.from(bytes.subarray(0, 20)).toString('hex')
  throw new Error(`${path} is no library of ${platform.os}-${platform.cpu}: its header is ${header}`)
}
