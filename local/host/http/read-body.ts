import type { HttpCall } from './http-call.ts'
import { hasBody } from './http-call.ts'

/**
 * The body's bytes, or undefined when the request has none. A client that waits for leave to send it gets it now.
 * @throws Error when the request breaks off
 */
export async function readBody(
  { request, response }: Pick<HttpCall, 'request' | 'response'>,
  bytesMax: number,
): Promise<Buffer | 'too-large' | undefined> {
  if (!hasBody(request)) return undefined
  if (Number(request.headers['content-length']) > bytesMax) return 'too-large'
  if (request.headers.expect !== undefined) response.writeContinue()
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let bytes = 0
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length
      if (bytes > bytesMax) resolve('too-large')
      else chunks.push(chunk)
    })
    request.once('end', () => resolve(chunks.length === 1 ? chunks[0] : Buffer.concat(chunks)))
    request.once('error', reject)
    request.once('close', () => reject(new Error('The request broke off before its body was complete')))
  })
}
