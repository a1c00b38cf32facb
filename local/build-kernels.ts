import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import asc from 'assemblyscript/asc'
import { projectRoot } from './project-root.ts'

const kernels = 'shared/algorithms/kernels'

/**
 * Compiles the kernels' AssemblyScript to WebAssembly and gives the text of the module that holds its bytes. Memory comes
 * from outside and is shared between threads; nothing of AssemblyScript's own runtime is used.
 * @throws Error with the compiler's own words when the sources do not compile
 */
export async function compiledKernels(): Promise<{ text: string; bytes: number }> {
  let binary: Uint8Array | undefined
  const { error, stderr } = await asc.main(
    [
      `${kernels}/assembly/index.ts`,
      ...['--outFile', 'kernels.wasm', '--runtime', 'stub', '--noAssert', '-O3', '--converge'],
      ...['--enable', 'simd', '--enable', 'threads', '--enable', 'relaxed-simd'],
      ...['--importMemory', '--sharedMemory', '--initialMemory', '1', '--maximumMemory', '65536'],
    ],
    {
      readFile: name => read(name),
      writeFile: (_, contents) => {
        if (typeof contents !== 'string') binary = contents
      },
      listFiles: () => [],
    },
  )
  if (error || !binary) throw new Error(`The kernels do not compile: ${stderr.toString() || error?.message}`)
  const base64 = Buffer.from(binary).toString('base64')
  const lines = base64.match(/.{1,110}/g) ?? []
  const text = `// Made of assembly/ by \`npm run kernels\`; a test holds it equal to its sources.\nexport const wasmBase64 = [\n${lines.map(line => `  '${line}',`).join('\n')}\n].join('')\n`
  return { text, bytes: binary.length }
}

export const kernelsFile = join(projectRoot, kernels, 'wasm-bytes.ts')

function read(name: string): string | null {
  try {
    return readFileSync(join(projectRoot, name), 'utf8')
  } catch (cause) {
    // The compiler asks for each place a module may be at.
    if (cause instanceof Error && 'code' in cause && (cause.code === 'ENOENT' || cause.code === 'ENOTDIR')) return null
    throw cause
  }
}

if (import.meta.main) {
  const { text, bytes } = await compiledKernels()
  writeFileSync(kernelsFile, text)
  console.log(`${kernels}/wasm-bytes.ts: ${(bytes / 1024).toFixed(1)} KiB of WebAssembly`)
}
