import { Worker } from 'node:worker_threads'

export type Kernel = (parameters: number, block: number, scratch: number) => void

/** What a thread is asked: to call a kernel for blocks until there are none left. */
interface Order {
  kernel: string
  parameters: number
  blocks: number
  scratch: number
}

/** A thread of its own over the same memory. */
export interface Thread {
  run(order: Order): Promise<void>
  close(): Promise<void>
}

/** Where in memory the number of the next block stands: a word that belongs to nobody else. */
export const nextBlockAt = 0

/**
 * Calls the kernel for every block that no other thread has taken. Which thread takes a block is chance, what a block
 * computes is not.
 * @param next one word, the number of the next block
 */
export function takeBlocks(kernel: Kernel, next: Int32Array, order: Omit<Order, 'kernel'>): void {
  for (let block = Atomics.add(next, 0, 1); block < order.blocks; block = Atomics.add(next, 0, 1)) {
    kernel(order.parameters, block, order.scratch)
  }
}

// The thread's whole program, as text: a bundle has no file of its own to start it from.
const program = `
const { parentPort, workerData } = require('node:worker_threads')
const { module, memory, nextBlockAt } = workerData
const { exports } = new WebAssembly.Instance(module, { env: { memory } })
const next = new Int32Array(memory.buffer, nextBlockAt, 1)
parentPort.on('message', ({ kernel, parameters, blocks, scratch }) => {
  try {
    for (let block = Atomics.add(next, 0, 1); block < blocks; block = Atomics.add(next, 0, 1)) {
      exports[kernel](parameters, block, scratch)
    }
    parentPort.postMessage(undefined)
  } catch (error) {
    parentPort.postMessage(String(error))
  }
})
`

/** Starts a thread; while idle it keeps no process alive. */
export function startThread(module: WebAssembly.Module, memory: WebAssembly.Memory): Thread {
  const worker = new Worker(program, { eval: true, workerData: { module, memory, nextBlockAt } })
  worker.unref()
  return {
    run: order =>
      new Promise((resolve, reject) => {
        worker.ref()
        const settle = (error: unknown) => {
          worker.off('message', onMessage)
          worker.off('error', settle)
          worker.unref()
          if (error === undefined) resolve()
          else reject(error)
        }
        const onMessage = (problem: string | undefined) =>
          settle(problem === undefined ? undefined : new Error(`The kernel ${order.kernel} failed: ${problem}`))
        worker.on('message', onMessage)
        worker.on('error', settle)
        worker.postMessage(order)
      }),
    close: async () => {
      await worker.terminate()
    },
  }
}
