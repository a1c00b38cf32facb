import { z } from 'zod'
import { ExportSettings } from './settings/exports.ts'
import { GuardSettings } from './settings/guards.ts'
import { LakeSettings } from './settings/lake.ts'
import { PrivacySettings } from './settings/privacy.ts'
import { ScheduleSettings } from './settings/schedules.ts'
import { ServiceSettings } from './settings/services.ts'
import { ServingSettings } from './settings/serving.ts'
import { TrainingSettings } from './settings/training.ts'

/** Every app setting, by its name in local.settings.json and in the Function App's configuration. */
export const Settings = z.object({
  ...ServiceSettings.shape,
  ...ScheduleSettings.shape,
  ...TrainingSettings.shape,
  ...LakeSettings.shape,
  ...ExportSettings.shape,
  ...ServingSettings.shape,
  ...PrivacySettings.shape,
  ...GuardSettings.shape,
})
export type Settings = z.infer<typeof Settings>

/** Settings that are missing or wrong: a sentence for each, naming it and how to set it. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError'
}

/** @throws SettingsError for all that is missing or wrong together */
export function parseSettings(environment: Environment): Settings {
  return parsed(Settings, environment)
}

/** Reads the settings of training alone, for commands that need no services; all of them have defaults. */
export function parseTrainingSettings(environment: Environment): TrainingSettings {
  return parsed(TrainingSettings, environment)
}

/** Reads the settings of the lake alone. */
export function parseLakeSettings(environment: Environment): LakeSettings {
  return parsed(LakeSettings, environment)
}

type Environment = Readonly<Record<string, string | undefined>>

function parsed<Schema extends z.ZodType>(schema: Schema, environment: Environment): z.output<Schema> {
  const outcome = schema.safeParse(environment)
  if (outcome.success) return outcome.data
  const findings = outcome.error.issues.map(issue => {
    // A schedule is an object within: the setting is its first step.
    const name = String(issue.path[0])
    const value = environment[name]
    return value === undefined || value === ''
      ? `${name} is not set: give ${issue.message}`
      : `${name} ${issue.message}: current value is ${JSON.stringify(value)}`
  })
  throw new SettingsError(
    `Cannot start, as settings are missing or wrong. Set them in local.settings.json (Values) or in the Function App’s configuration.\n- ${findings.join('\n- ')}`,
  )
}
