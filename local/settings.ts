import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Cors } from './host/http/cors.ts'
import { parseJsonWithComments } from './host/settings/json-with-comments.ts'
import { nearestName } from './host/settings/nearest-name.ts'
import { projectRoot } from './project-root.ts'
import { isRuntimeSetting, runtimeSettings } from './runtime-settings.ts'

export interface LocalSettings {
  /** App settings: what stands under Values, and connection strings as "ConnectionStrings:NAME". */
  values: Record<string, string>
  /** Where the API listens unless told otherwise. */
  port: number | undefined
  /** Which pages of other origins may read answers; undefined for none. */
  cors: Cors | undefined
  /** What is probably misspelt, and what is taken but not applied. */
  warnings: string[]
}

type Fields = Record<string, unknown>

const sampleFile = join(projectRoot, 'local.settings.sample.json')
const typosMax = 2

/** The settings of local.settings.json; where there is none, of local.settings.sample.json. */
export function localSettings(): LocalSettings {
  const own = join(projectRoot, 'local.settings.json')
  const sample = readLocalSettings(sampleFile, [])
  return existsSync(own) ? readLocalSettings(own, Object.keys(sample.values)) : sample
}

/**
 * Reads a settings file in the shape of Azure Functions Core Tools.
 * Source: learn.microsoft.com/azure/azure-functions/functions-develop-local#local-settings-file
 * @param known names of app settings, besides the runtime's own, that a misspelt one may mean
 * @throws Error naming the file, the field and the value that is wrong, or line and column where the text is no JSON
 */
export function readLocalSettings(file: string, known: string[]): LocalSettings {
  const fail = (field: string, must: string, value: unknown) =>
    new Error(`${field} in ${file} must ${must}: current value is ${JSON.stringify(value)}`)
  const json = parse(file)
  if (!isFields(json)) throw fail('The content', 'be an object', json)
  const {
    IsEncrypted: isEncrypted = false,
    Values: given = {},
    Host: host = {},
    ConnectionStrings: strings = {},
  } = json
  if (isEncrypted !== false) {
    throw fail(
      'IsEncrypted',
      'be false, as the local stack holds no key: `func settings decrypt` makes it so',
      isEncrypted,
    )
  }
  for (const [field, value] of Object.entries({ Values: given, Host: host, ConnectionStrings: strings })) {
    if (!isFields(value)) throw fail(field, 'be an object', value)
  }
  const values = texts(given as Fields, (name, value) => fail(`Values.${name}`, 'be a text in quotes', value))
  const connections = Object.entries(strings as Fields).map(([name, value]): [string, string] => {
    const text = isFields(value) ? value.ConnectionString : value
    if (typeof text === 'string') return [`ConnectionStrings:${name}`, text]
    throw fail(`ConnectionStrings.${name}`, 'be a connection string', value)
  })
  return {
    values: { ...values, ...Object.fromEntries(connections) },
    port: readPort((host as Fields).LocalHttpPort, fail),
    cors: readCors(host as Fields, fail),
    warnings: [
      ...unknownFields(json, ['IsEncrypted', 'Values', 'Host', 'ConnectionStrings'], file),
      ...unknownFields(host as Fields, ['LocalHttpPort', 'CORS', 'CORSCredentials'], file, 'Host.'),
      ...misspelt(Object.keys(values), known, file),
    ],
  }
}

function parse(file: string): unknown {
  try {
    return parseJsonWithComments(readFileSync(file, 'utf8'))
  } catch (cause) {
    throw new Error(`Cannot read ${file}: ${cause instanceof Error ? cause.message : cause}`, { cause })
  }
}

/** All values that are no text are named at once. */
function texts(values: Fields, fail: (name: string, value: unknown) => Error): Record<string, string> {
  const good: [string, string][] = []
  const bad: Error[] = []
  for (const [name, value] of Object.entries(values)) {
    if (typeof value === 'string') good.push([name, value])
    else bad.push(fail(name, value))
  }
  if (bad.length > 0) throw new Error(bad.map(({ message }) => message).join('\n'))
  return Object.fromEntries(good)
}

type Fail = (field: string, must: string, value: unknown) => Error

function readPort(value: unknown, fail: Fail): number | undefined {
  if (value === undefined) return undefined
  if (typeof value === 'number' && Number.isInteger(value) && value > 0 && value < 65_536) return value
  throw fail('Host.LocalHttpPort', 'be a port number from 1 to 65535', value)
}

/** Origins as browsers send them, divided by commas, or `*`. */
function readCors({ CORS: text = '', CORSCredentials: credentials = false }: Fields, fail: Fail): Cors | undefined {
  if (typeof text !== 'string') throw fail('Host.CORS', 'be a text', text)
  if (typeof credentials !== 'boolean') throw fail('Host.CORSCredentials', 'be true or false', credentials)
  const origins = text
    .split(',')
    .map(origin => origin.trim())
    .filter(Boolean)
  for (const origin of origins.filter(each => each !== '*')) {
    if (URL.parse(origin)?.origin !== origin) throw fail('Host.CORS', 'hold origins like https://shop.example', origin)
  }
  if (origins.includes('*') && credentials) {
    throw fail('Host.CORSCredentials', 'be false where Host.CORS is *, as browsers take no such leave', credentials)
  }
  return origins.length === 0 ? undefined : { origins, credentials }
}

function unknownFields(fields: Fields, known: string[], file: string, place = ''): string[] {
  return Object.keys(fields)
    .filter(name => !known.includes(name))
    .map(name => `${file} has an unknown field "${place}${name}"${didYouMean(nearestName(name, known))}`)
}

/** An app may have settings of any name: only those are named that are almost one that is known. */
function misspelt(names: string[], known: string[], file: string): string[] {
  return names
    .filter(name => !known.includes(name) && !isRuntimeSetting(name))
    .flatMap(name => {
      const nearest = nearestName(name, [...known, ...runtimeSettings], typosMax)
      return nearest === undefined ? [] : [`Values.${name} in ${file} is unknown${didYouMean(nearest)}`]
    })
}

function didYouMean(nearest: string | undefined): string {
  return nearest === undefined ? '' : `. Did you mean "${nearest}"?`
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
