import type { z } from 'zod'

export type Environment = Readonly<Record<string, string | undefined>>

/** Settings that are missing or wrong: a sentence for each, naming it and how to set it. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError'

  constructor(findings: readonly string[]) {
    super(
      `Cannot start, as settings are missing or wrong. Set them in local.settings.json (Values) or in the Function App’s configuration.\n- ${findings.join('\n- ')}`,
    )
  }
}

/**
 * The settings of a schema.
 * @throws SettingsError for all that is missing or wrong together; secret values are not told
 */
export function parsed<Schema extends z.ZodObject>(schema: Schema, environment: Environment): z.output<Schema> {
  const unresolved = Object.keys(schema.shape).filter(name => isReference(environment[name]))
  const outcome = schema.safeParse(environment)
  if (outcome.success && unresolved.length === 0) return outcome.data
  const issues = outcome.error?.issues ?? []
  throw new SettingsError([
    ...unresolved.map(
      name =>
        `${name} is a reference to Key Vault that was not resolved: see that the vault has the secret and lets the app’s identity read it`,
    ),
    // A schedule is an object within: the setting is its first step.
    ...issues
      .map(({ path, message }) => ({ name: String(path[0]), message }))
      .filter(({ name }) => !unresolved.includes(name))
      .map(({ name, message }) => finding(schema, { name, message, value: environment[name] })),
  ])
}

/** Azure puts the secret in the place of `@Microsoft.KeyVault(…)` before the app starts; where it cannot, the text stays. */
const isReference = (value: string | undefined): boolean =>
  value?.trimStart().startsWith('@Microsoft.KeyVault') === true

/** What is wrong with a setting, as a sentence. */
export function finding(
  { shape }: z.ZodObject,
  { name, message, value }: { name: string; message: string; value: string | undefined },
): string {
  if (value === undefined || value === '') return `${name} is not set: give ${message}`
  const isSecret = shape[name]?.meta()?.secret === true
  return `${name} ${message}: ${isSecret ? 'its value is secret' : `current value is ${JSON.stringify(value)}`}`
}
