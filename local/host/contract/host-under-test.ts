import { fileURLToPath } from 'node:url'
import { startTestApp } from '../test-app-host.ts'

export interface HostUnderTest {
  url: string
  masterKey: string
  call(path: string, init?: RequestInit): Promise<Response>
  /** With the master key. */
  admin(path: string, init?: Omit<RequestInit, 'headers'>): Promise<Response>
  /** The same, with a body in JSON. */
  adminJson(method: string, path: string, body: unknown): Promise<Response>
  close(): Promise<void>
}

const streamAppDir = fileURLToPath(new URL('../test-app-stream/', import.meta.url))

/**
 * The host that the checks run against: the deployed test app that SIDECART_CONTRACT_HOST_URL and SIDECART_CONTRACT_HOST_KEY
 * (its master key) name, or one started here.
 */
export async function hostUnderTest(): Promise<HostUnderTest> {
  const { SIDECART_CONTRACT_HOST_URL: url, SIDECART_CONTRACT_HOST_KEY: masterKey } = process.env
  return url && masterKey ? remote(url, masterKey) : local()
}

/** The same for the test app with HTTP streams: SIDECART_CONTRACT_STREAM_URL and SIDECART_CONTRACT_STREAM_KEY. */
export async function streamHostUnderTest(): Promise<HostUnderTest> {
  const { SIDECART_CONTRACT_STREAM_URL: url, SIDECART_CONTRACT_STREAM_KEY: masterKey } = process.env
  return url && masterKey ? remote(url, masterKey) : local(streamAppDir)
}

function remote(url: string, masterKey: string): HostUnderTest {
  return { ...clientOf(url.replace(/\/$/, ''), masterKey), close: async () => undefined }
}

async function local(appDir?: string): Promise<HostUnderTest> {
  const host = await startTestApp({}, appDir === undefined ? {} : { appDir })
  return { ...clientOf(host.url, host.masterKey), close: host.drain }
}

function clientOf(url: string, masterKey: string): Omit<HostUnderTest, 'close'> {
  const key = { 'x-functions-key': masterKey }
  return {
    url,
    masterKey,
    call: (path, init) => fetch(`${url}${path}`, init),
    admin: (path, init) => fetch(`${url}${path}`, { ...init, headers: key }),
    adminJson: (method, path, body) =>
      fetch(`${url}${path}`, {
        method,
        headers: { ...key, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }),
  }
}
