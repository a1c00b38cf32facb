import type { Binding } from './core-types.ts'

export type Settings = Record<string, string>

interface BindingText {
  /** Whose binding it is, for errors: `function "orders"`. */
  owner: string
  binding: Binding
  key: string
  settings: Settings
}

/** A text of a binding with its %NAME%s resolved from the settings. @throws Error naming owner, field and value or setting */
export function bindingText({ owner, binding, key, settings }: BindingText, fallback?: string): string {
  const value = binding[key] ?? fallback
  if (typeof value !== 'string') {
    throw new Error(`${key} of ${owner} must be a text: current value is ${JSON.stringify(value)}`)
  }
  return value.replace(/%([^%\s]+)%/g, (_, setting: string) => {
    const resolved = settings[setting]
    if (resolved === undefined) {
      throw new Error(`${key} of ${owner} needs the setting "${setting}" (as %${setting}%), which is missing`)
    }
    return resolved
  })
}

/** The connection string that a binding names, with or without Azure's prefix; an empty name means AzureWebJobsStorage. */
export function connectionOf(setting: string, owner: string, settings: Settings): string {
  const name = setting === '' ? 'AzureWebJobsStorage' : setting
  const connection = [`AzureWebJobs${name}`, name]
    .map(one => settings[`ConnectionStrings:${one}`] ?? settings[one])
    .find(one => one !== undefined)
  if (connection === undefined || connection === '') {
    throw new Error(`connection of ${owner} needs the setting "${name}" with a connection string, which is missing`)
  }
  return connection
}
