import { type Kernel, nextBlockAt, startThread, type Thread, takeBlocks } from './threads.ts'
import { wasmModule } from './wasm-module.ts'

const pageBytes = 65_536
const pagesMax = 65_536
/** Everything begins on a cache line of its own. */
const alignment = 64

/**
 * Memory that the kernels and their caller share, and the threads that compute in it. Arrays are laid out one after the
 * other and freed together. One computation at a time: whoever awaits `run` owns the workspace.
 */
export class Workspace {
  readonly memory: WebAssembly.Memory
  readonly threads: number
  readonly #module = wasmModule()
  readonly #workers: Thread[]
  #own: WebAssembly.Exports | undefined
  #end = alignment
  /** Memory from here on has never been laid out, so it is zero. */
  #fresh = alignment

  /** @param options threads that compute at once, 1 for none besides the caller's own */
  constructor({ threads }: { threads: number }) {
    if (!Number.isInteger(threads) || threads < 1) {
      throw new RangeError(`Cannot open a workspace as threads must be an integer ≥ 1: current value is ${threads}`)
    }
    this.threads = threads
    this.memory = new WebAssembly.Memory({ initial: 1, maximum: pagesMax, shared: true })
    this.#workers = threads === 1 ? [] : Array.from({ length: threads }, () => startThread(this.#module, this.memory))
  }

  /** Bytes in use. */
  get bytes(): number {
    return this.#end
  }

  /** An array of zeros in shared memory; its address is `byteOffset`. */
  float32(length: number): Float32Array<SharedArrayBuffer> {
    return new Float32Array(...this.#take(length, 4))
  }

  float64(length: number): Float64Array<SharedArrayBuffer> {
    return new Float64Array(...this.#take(length, 8))
  }

  uint32(length: number): Uint32Array<SharedArrayBuffer> {
    return new Uint32Array(...this.#take(length, 4))
  }

  uint8(length: number): Uint8Array<SharedArrayBuffer> {
    return new Uint8Array(...this.#take(length, 1))
  }

  /** A mark to go back to with `free`. */
  mark(): number {
    return this.#end
  }

  /** Gives back everything laid out since `mark`; the arrays must not be used any more. */
  free(mark: number): void {
    this.#end = mark
  }

  /**
   * Calls the kernel once for each block from 0 to `blocks` - 1, on all threads; `parameters` are 32-bit words that the
   * kernel reads, `scratchBytes` is memory of its own that each thread gets.
   */
  async run(
    kernel: string,
    { blocks, parameters, scratchBytes = 0 }: { blocks: number; parameters: readonly number[]; scratchBytes?: number },
  ): Promise<void> {
    const mark = this.mark()
    const words = this.uint32(parameters.length)
    words.set(parameters)
    const next = new Int32Array(this.#buffer(), nextBlockAt, 1)
    Atomics.store(next, 0, 0)
    const order = { parameters: words.byteOffset, blocks }
    try {
      if (this.#workers.length === 0 || blocks === 1) {
        takeBlocks(this.#kernel(kernel), next, { ...order, scratch: this.uint8(scratchBytes).byteOffset })
      } else {
        await Promise.all(
          this.#workers.map(worker => worker.run({ kernel, ...order, scratch: this.uint8(scratchBytes).byteOffset })),
        )
      }
    } finally {
      this.free(mark)
    }
  }

  /** What `run` does, at once and on the caller's own thread: for what is shorter than waking another. */
  runHere(
    kernel: string,
    { blocks, parameters, scratchBytes = 0 }: { blocks: number; parameters: readonly number[]; scratchBytes?: number },
  ): void {
    const mark = this.mark()
    try {
      const words = this.uint32(parameters.length)
      words.set(parameters)
      const { byteOffset: scratch } = this.uint8(scratchBytes)
      const call = this.#kernel(kernel)
      for (let block = 0; block < blocks; block++) call(words.byteOffset, block, scratch)
    } finally {
      this.free(mark)
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.#workers.map(worker => worker.close()))
  }

  #kernel(name: string): Kernel {
    this.#own ??= new WebAssembly.Instance(this.#module, { env: { memory: this.memory } }).exports
    const kernel = this.#own[name]
    if (typeof kernel !== 'function') throw new RangeError(`Cannot run a kernel as there is none called ${name}`)
    return (parameters, block, scratch) => kernel(parameters, block, scratch)
  }

  #take(length: number, bytesEach: number): [memory: SharedArrayBuffer, byteOffset: number, length: number] {
    const start = this.#end
    const end = Math.ceil((start + length * bytesEach) / alignment) * alignment
    const missing = Math.ceil(end / pageBytes) - this.memory.buffer.byteLength / pageBytes
    if (end > pagesMax * pageBytes) {
      throw new RangeError(
        `Cannot lay out ${length * bytesEach} bytes as ${start} of ${pagesMax * pageBytes} are in use`,
      )
    }
    if (missing > 0) this.memory.grow(missing)
    if (start < this.#fresh) new Uint8Array(this.#buffer(), start, Math.min(end, this.#fresh) - start).fill(0)
    this.#end = end
    this.#fresh = Math.max(end, this.#fresh)
    // Taken after memory has grown: the buffer of before ends where memory ended.
    return [this.#buffer(), start, length]
  }

  #buffer(): SharedArrayBuffer {
    const { buffer } = this.memory
    if (buffer instanceof SharedArrayBuffer) return buffer
    throw new TypeError('The memory of a workspace is shared')
  }
}
