import { BlobServiceClient } from '@azure/storage-blob'
import type { LocalStack } from '../local/local-stack.ts'

/** Drops a file into `landing/`, as an ERP would. */
export async function dropFile({ settings }: LocalStack, path: string, lines: readonly string[]): Promise<void> {
  const landing = blobs(settings).getContainerClient('landing')
  await landing.getBlockBlobClient(path).uploadData(Buffer.from(`${lines.join('\n')}\n`))
}

/** Every JSON line of the blobs of a container whose names begin with `prefix`. */
export async function jsonLines(
  { settings }: LocalStack,
  container: string,
  prefix: string,
): Promise<Record<string, unknown>[]> {
  const client = blobs(settings).getContainerClient(container)
  const lines: Record<string, unknown>[] = []
  for await (const { name } of client.listBlobsFlat({ prefix })) {
    const text = (await client.getBlobClient(name).downloadToBuffer()).toString()
    for (const line of text.split('\n')) if (line !== '') lines.push(JSON.parse(line))
  }
  return lines
}

/** Asks again until the answer satisfies; the last answer's reason is told when it never does. */
export async function eventually<T>(
  ask: () => Promise<T>,
  holds: (answer: T) => boolean,
  withinMs = 15_000,
): Promise<T> {
  const until = Date.now() + withinMs
  for (;;) {
    const answer = await ask()
    if (holds(answer)) return answer
    if (Date.now() > until) throw new Error(`Not within ${withinMs} ms; the last answer was ${JSON.stringify(answer)}`)
    await new Promise(resolve => setTimeout(resolve, 25))
  }
}

function blobs(settings: Readonly<Record<string, string>>): BlobServiceClient {
  return BlobServiceClient.fromConnectionString(settings.AzureWebJobsStorage ?? '')
}
