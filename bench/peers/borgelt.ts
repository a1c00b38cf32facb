import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import type { Csr } from '../../shared/algorithms/csr.ts'
import type { Timed } from '../interleave.ts'
import { startLineProcess } from './line-process.ts'

/** Borgelt's fpgrowth and eclat (C), driven from here; times are of recoding, sorting and mining, not of reading. */
export interface Borgelt {
  /** Counts the itemsets of one item and more. */
  mine(algorithm: 'fpgrowth' | 'eclat', minCount: number): Promise<Timed<number>>
  close(): Promise<void>
}

/** The version of PyFIM whose C sources are taken; its Python objects are not. */
const pyfim = '6.28'
const folder = join(import.meta.dirname, '.borgelt')
const driver = join(import.meta.dirname, 'borgelt_peer.c')
const parts = ['util', 'math', 'tract', 'apriori', 'eclat', 'fpgrowth']
const sources = [
  ...['arrays', 'memsys', 'symtab', 'random', 'sigint'].map(name => `util/src/${name}.c`),
  ...['chi2', 'gamma', 'ruleval'].map(name => `math/src/${name}.c`),
  ...['tract', 'fim16', 'patspec', 'clomax', 'report', 'patred'].map(name => `tract/src/${name}.c`),
  ...['apriori/src/istree.c', 'eclat/src/eclat.c', 'fpgrowth/src/fpgrowth.c', 'fpgrowth/src/fpgpsp.c'],
]
/** As PyFIM's own setup has them, and optimized for this machine. */
const flags = [
  ...['-O3', '-march=native', '-w', '-DNDEBUG', '-DQUIET', '-DIDMAPFN', '-DTATREEFN', '-DTA_SURR', '-DPSP_ESTIM'],
  ...['-DISR_PATSPEC', '-DISR_CLOMAX', '-DISR_NONAMES'],
]

/** Builds the peers on first use and gives them the baskets; nothing, and the reason told, where that cannot be done. */
export async function openBorgelt(baskets: Csr, step: (text: string) => void): Promise<Borgelt | undefined> {
  const built = builtProgram(step)
  if ('missing' in built) {
    step(`Without the peers fpgrowth and eclat: ${built.missing}`)
    return undefined
  }
  const work = mkdtempSync(join(tmpdir(), 'sidecart-peers-'))
  const path = join(work, 'baskets.bin')
  writeFileSync(path, Uint32Array.of(baskets.rows, baskets.indices.length))
  writeFileSync(path, baskets.indptr, { flag: 'a' })
  writeFileSync(path, baskets.indices, { flag: 'a' })
  const { child } = await startLineProcess(built.program, [path], {})
  const Answer = z.object({ ms: z.number(), cpu_ms: z.number(), itemsets: z.int() })
  return {
    mine: async (algorithm, minCount) => {
      const { ms, cpu_ms: cpuMs, itemsets: result } = Answer.parse(await child.ask({ algorithm, min_count: minCount }))
      return { ms, cpuMs, result }
    },
    close: async () => {
      await child.close()
      rmSync(work, { recursive: true, force: true })
    },
  }
}

function builtProgram(step: (text: string) => void): { program: string } | { missing: string } {
  const program = join(folder, 'borgelt_peer')
  if (existsSync(program) && statSync(program).mtimeMs > statSync(driver).mtimeMs) return { program }
  step('Building the peers fpgrowth and eclat in bench/peers/.borgelt')
  mkdirSync(folder, { recursive: true })
  const source = join(folder, `pyfim-${pyfim}`)
  const include = parts.map(part => `-I${join(source, part, 'src')}`)
  const files = sources.map(file => join(source, file))
  const download = ['-m', 'pip', 'download', '--quiet', '--no-deps', '--no-binary', ':all:', '-d', folder]
  const commands = [
    ['python3', ...download, `pyfim==${pyfim}`],
    ['tar', '-xzf', join(folder, `pyfim-${pyfim}.tar.gz`), '-C', folder],
    ['gcc', ...flags, ...include, ...files, driver, '-lm', '-o', program],
  ]
  for (const [command = '', ...args] of commands) {
    const { status, stderr, error } = spawnSync(command, args, { encoding: 'utf8' })
    if (status !== 0) return { missing: `${command} ${args[0]} failed: ${error?.message ?? stderr.trim()}` }
  }
  return { program }
}
