import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { LogLevel } from '../app/core-types.ts'
import type { LogLevels } from '../workers/log-levels.ts'
import { leavesOf, overridesOf } from './config-leaves.ts'
import { type ConfigReader, configReader } from './config-reader.ts'
import { eventHubsConfig, httpConfig, queuesConfig, readOtherExtensions } from './extension-config.ts'
import { readWithoutEffect } from './ignored-config.ts'
import { parseJsonWithComments } from './json-with-comments.ts'

export type HostConfig = ReturnType<typeof toConfig>

const levels = ['trace', 'debug', 'information', 'warning', 'error', 'critical', 'none'] as const

/**
 * Reads host.json of the app, with what app settings put in its place. What is unknown to Azure, and what this host takes but
 * does not apply, is named in `warnings`.
 * @throws Error naming the file or setting, the field and the value when a known one is wrong
 */
export function readHostJson(
  appDir: string,
  settings: Record<string, string> = {},
): { config: HostConfig; warnings: string[] } {
  const path = join(appDir, 'host.json')
  const json = parse(readFileSync(path, 'utf8'), path)
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    throw new Error(`${path} must hold an object: current value is ${JSON.stringify(json)}`)
  }
  const reader = configReader([...leavesOf(json, path), ...overridesOf(settings)])
  const version = reader.text('version', undefined)
  // The one name whose case matters: the host looks for it before it reads the file as configuration.
  if (version !== '2.0' || !Object.hasOwn(json, 'version')) {
    throw new Error(`version in ${path} must be "2.0": current value is ${JSON.stringify(version)}`)
  }
  const warnings: string[] = []
  const config = toConfig(reader, warnings)
  const unknown = reader.unknown().map(({ name, source, nearest }) => {
    const hint = nearest === undefined ? '' : `. Did you mean "${nearest}"?`
    return `${source} has a key that Azure Functions does not know: "${name}"${hint}`
  })
  return { config, warnings: [...unknown, ...warnings] }
}

function parse(text: string, path: string): unknown {
  try {
    return parseJsonWithComments(text)
  } catch (cause) {
    throw new Error(`${path} is not JSON: ${cause instanceof Error ? cause.message : cause}`, { cause })
  }
}

function toConfig(reader: ConfigReader, warnings: string[]) {
  const config = {
    functionTimeoutMs: functionTimeout(reader),
    only: onlyFunctions(reader),
    logLevels: logLevels(reader),
    ...httpConfig(reader, warnings),
    queues: queuesConfig(reader),
    eventHubs: eventHubsConfig(reader, warnings),
  }
  readOtherExtensions(reader)
  readWithoutEffect(reader, warnings)
  return config
}

/** Only these run when host.json lists any functions. */
function onlyFunctions(reader: ConfigReader): string[] | undefined {
  const names = reader.texts('functions') ?? []
  return names.length === 0 ? undefined : names
}

/** Milliseconds, or undefined for no limit, as on plans that allow it. */
function functionTimeout(reader: ConfigReader): number | undefined {
  const defaultMs = 1_800_000
  if (reader.text('functionTimeout', undefined)?.trim() === '-1') return undefined
  return reader.timeSpan('functionTimeout', { min: 1_000 }, defaultMs)
}

function logLevels(reader: ConfigReader): LogLevels {
  return Object.fromEntries(
    reader.entries('logging.logLevel').map(({ path, value, source }): [string, LogLevel] => {
      // A category may hold colons of an override: whatever stands behind logLevel is its name.
      const category = path.slice(2).join(':')
      const level = levels.find(one => one === String(value).toLowerCase())
      if (level !== undefined) return [category, level]
      throw new Error(
        `logging.logLevel.${category} in ${source} must be one of Trace, Debug, Information, Warning, Error, Critical, None: current value is ${JSON.stringify(value)}`,
      )
    }),
  )
}
