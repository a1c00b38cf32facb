import { z } from 'zod'
import { factsOf, type SettingName, Settings, settingNames } from '../settings.ts'

/** Settings that may be set while the app runs. */
export const runTimeNames: readonly SettingName[] = settingNames.filter(name => factsOf(name).isRunTime)

const Value = z.union([z.number(), z.string()])

/** Cosmos `config`, id `run-time-settings`: what goes before the environment. */
export const RunTimeSettings = z.strictObject({
  id: z.literal('run-time-settings'),
  values: z.record(z.string(), Value),
})
export type RunTimeSettings = z.infer<typeof RunTimeSettings>

/** Body of PUT /api/config: what is left out is as in the environment. */
export const RunTimeBody = z.strictObject({
  settings: z.strictObject(Object.fromEntries(runTimeNames.map(name => [name, z.optional(valueOfSetting(name))]))),
})

/** Path of one of them. */
export const RunTimePath = z.object({
  name: z.string().refine(name => runTimeNames.some(each => each === name), {
    error: `must be a setting that can be set at run time: ${runTimeNames.join(', ')}`,
  }),
})

/** What a setting is once it is read from its text. */
function valueOfSetting(name: SettingName): z.core.$ZodType {
  const schema = Settings.shape[name]
  if (schema instanceof z.ZodPipe) return schema.out
  return schema instanceof z.ZodDefault ? schema.unwrap() : schema
}
