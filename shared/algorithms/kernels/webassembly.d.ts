/** What the kernels need of WebAssembly: the types otherwise come with a browser's library only. */
declare namespace WebAssembly {
  class Module {
    constructor(bytes: Uint8Array)
  }
  class Memory {
    readonly buffer: ArrayBufferLike
    constructor(size: { initial: number; maximum: number; shared: boolean })
    grow(pages: number): number
  }
  type Exports = Record<string, unknown>
  class Instance {
    readonly exports: Exports
    constructor(module: Module, imports: { env: { memory: Memory } })
  }
}
