import { createServer } from 'node:net'

/** Where the servers of the stack listen unless told otherwise: the ports of Microsoft's own tools and emulators. */
export const defaultPorts = {
  http: 7071,
  /** Of our own: there is no emulator of Entra ID. */
  identity: 7072,
  cosmos: 8081,
  eventHubs: 5672,
  blob: 10000,
  queue: 10001,
  table: 10002,
} as const

export async function isFree(port: number): Promise<boolean> {
  const server = createServer()
  return new Promise(resolve => {
    server.once('error', () => resolve(false))
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)))
  })
}

/** A port that is free now; the system gives another one to whoever asks next. */
export function anyPort(): Promise<number> {
  const server = createServer()
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ port: 0, host: '127.0.0.1' }, () => {
      const address = server.address()
      const port = typeof address === 'object' && address !== null ? address.port : 0
      server.close(() => resolve(port))
    })
  })
}

/** The first free port at or after `from` that is not among `taken`. */
export async function freePort(from: number, taken: ReadonlySet<number> = new Set()): Promise<number> {
  for (let port = from; port < Math.min(from + 1000, 65_536); port++) {
    if (!taken.has(port) && (await isFree(port))) return port
  }
  throw new Error(`No port is free from ${from} on: stop something, or give another port`)
}

/** @throws RangeError for text that is not a port number, naming the option */
export function portOption(option: string, text: string | undefined, fallback: number): number {
  if (text === undefined) return fallback
  const port = Number(text)
  if (/^\d+$/.test(text) && port < 65_536) return port
  throw new RangeError(`${option} must be a port number from 0 to 65535: current value is ${text || 'empty'}`)
}
