import { z } from 'zod'
import { oneWayEach } from './settings/connections.ts'
import { CostSettings } from './settings/cost.ts'
import { ExportSettings } from './settings/exports.ts'
import { GuardSettings } from './settings/guards.ts'
import { IdentitySettings, noLocalIdentityInAzure } from './settings/identity.ts'
import { LakeSettings } from './settings/lake.ts'
import { type Environment, parsed } from './settings/parse.ts'
import { PrivacySettings } from './settings/privacy.ts'
import { ScheduleSettings } from './settings/schedules.ts'
import { cosmosKeyIsNeeded, isCosmosOpen, ServiceSettings } from './settings/services.ts'
import { ServingSettings } from './settings/serving.ts'
import { TelemetrySettings } from './settings/telemetry.ts'
import { TrainingSettings } from './settings/training.ts'

/** Every app setting, by its name in local.settings.json and in the Function App's configuration. */
export const Settings = z
  .object({
    ...ServiceSettings.shape,
    ...ScheduleSettings.shape,
    ...TrainingSettings.shape,
    ...LakeSettings.shape,
    ...ExportSettings.shape,
    ...ServingSettings.shape,
    ...PrivacySettings.shape,
    ...IdentitySettings.shape,
    ...GuardSettings.shape,
    ...TelemetrySettings.shape,
    ...CostSettings.shape,
  })
  // Also beside other findings, so that all are told at once.
  .refine(isCosmosOpen, { path: ['COSMOS_KEY'], error: cosmosKeyIsNeeded, when: () => true })
  .superRefine(oneWayEach, { when: () => true })
  .check(noLocalIdentityInAzure)
export type Settings = z.infer<typeof Settings>
export type SettingName = keyof Settings

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

const StoreSettings = z
  .object({ ...ServiceSettings.shape, PSEUDONYM_KEY: LakeSettings.shape.PSEUDONYM_KEY.optional() })
  .refine(isCosmosOpen, { path: ['COSMOS_KEY'], error: cosmosKeyIsNeeded, when: () => true })
  .superRefine(oneWayEach, { when: () => true })
export type StoreSettings = z.infer<typeof StoreSettings>

/** Reads the settings of the services alone, for commands that copy what is stored; @throws SettingsError like the whole. */
export function parseStoreSettings(environment: Environment): StoreSettings {
  return parsed(StoreSettings, environment)
}

/** What there is to know of a setting besides its values. */
export interface SettingFacts {
  /** Neither told nor logged. */
  isSecret: boolean
  /** The app reads it from Key Vault where the environment has none: whenever it `rotates`, or once as it is `kept` for good. */
  vault: 'rotates' | 'kept' | undefined
  /** May be set while the app runs. */
  isRunTime: boolean
}

export function factsOf(name: SettingName): SettingFacts {
  const { secret, vault, runTime } = Facts.parse(Settings.shape[name].meta() ?? {})
  return { isSecret: secret, vault, isRunTime: runTime }
}
const Facts = z.object({
  secret: z.boolean().default(false),
  vault: z.enum(['rotates', 'kept']).optional(),
  runTime: z.boolean().default(false),
})

export const settingNames: readonly SettingName[] = Settings.keyof().options

/** The secrets that are to be read from Key Vault: those it may hold that the environment does not; none without KEY_VAULT_URI. */
export function secretsInVault(environment: Environment): SettingName[] {
  if (!environment.KEY_VAULT_URI) return []
  return settingNames.filter(name => factsOf(name).vault !== undefined && !environment[name])
}
