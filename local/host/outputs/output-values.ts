import type { TypedData } from '../app/core-types.ts'

/**
 * The messages that a value stands for in a queue or an event hub: a list gives one each, an object its JSON, indented as
 * .NET writes it; text that looks like JSON is read as such. Bytes and other text are one message as they are.
 * Source: Azure/azure-functions-host, FunctionBinding.cs, ReadAsEnumerable() and BindAsyncCollectorAsync()
 * @throws SyntaxError when text looks like JSON and is none
 */
export function messagesOf(data: TypedData): (string | Uint8Array)[] {
  if (data.bytes !== undefined) return [data.bytes]
  if (data.json !== undefined) return itemsOf(JSON.parse(data.json))
  if (data.string !== undefined) return looksLikeJson(data.string) ? itemsOf(JSON.parse(data.string)) : [data.string]
  return [String(numberOf(data))]
}

/**
 * The bytes of a value in a blob: text as UTF-8, an object as its JSON, whole numbers as 4 bytes and others as 8, little endian.
 * Source: Azure/azure-functions-host, FunctionBinding.cs, ConvertValueToStream()
 */
export function bytesOf(data: TypedData): Uint8Array {
  if (data.bytes !== undefined) return data.bytes
  if (data.string !== undefined) return Buffer.from(data.string)
  if (data.json === 'true' || data.json === 'false') return Buffer.from([data.json === 'true' ? 1 : 0])
  if (data.json !== undefined) return Buffer.from(data.json)
  const bytes = Buffer.alloc(data.int === undefined ? 8 : 4)
  if (data.int === undefined) bytes.writeDoubleLE(numberOf(data))
  else bytes.writeInt32LE(numberOf(data) | 0)
  return bytes
}

function itemsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.map(textOf) : [textOf(value)]
}

function textOf(value: unknown): string {
  if (value === null) return ''
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  return typeof value === 'object' ? JSON.stringify(value, null, 2) : String(value)
}

function looksLikeJson(text: string): boolean {
  return /^\s*(\{[\s\S]*\}|\[[\s\S]*\])\s*$/.test(text)
}

function numberOf({ int, double }: TypedData): number {
  if (typeof int === 'number') return int
  if (int !== undefined) return int.high * 2 ** 32 + (int.low >>> 0)
  if (double !== undefined) return double
  throw new Error('An output must be text, bytes, a number or an object')
}
