import { wasmBase64 } from './wasm-bytes.ts'

let compiled: WebAssembly.Module | undefined

/** The kernels as a module, compiled once a process from the bytes in the package. */
export function wasmModule(): WebAssembly.Module {
  compiled ??= new WebAssembly.Module(Buffer.from(wasmBase64, 'base64'))
  return compiled
}
