import { type RunTimeOverlay, readRunTimeSettings } from '../../operations/run-time-settings.ts'
import type { Ports, Versioned } from '../../ports.ts'
import { collections } from '../../schemas/collections.ts'
import { ConfigurationAnswer, type SettingSource } from '../../schemas/configuration.ts'
import { RunTimeBody, RunTimePath, RunTimeSettings } from '../../schemas/settings/run-time.ts'
import { factsOf, type SettingName, type Settings, settingNames } from '../../schemas/settings.ts'
import { access } from '../access.ts'
import { type Endpoint, endpoint } from '../endpoint.ts'
import { changedMeanwhile, checkPreconditions, entityTag } from '../if-match.ts'
import type { ApiRequest } from '../request.ts'

/** The app's settings: as they are in force, and where those come from that were not set at run time. */
export interface Configuration {
  settings: Settings
  sourceOf(name: SettingName): Exclude<SettingSource, 'run_time'>
  runTime: RunTimeOverlay
}
type Need = { ports: Ports; configuration: Configuration }

export const getConfiguration = (need: Need): Endpoint =>
  endpoint({
    name: 'configuration',
    method: 'GET',
    path: '/api/config',
    access: access.administer,
    group: 'configuration',
    summary: 'Every setting, its value in force and where that comes from; of secrets only whether they are set',
    output: ConfigurationAnswer,
    headers: ['etag'],
    run: async () => {
      const stored = await readRunTimeSettings(need.ports.documents)
      need.configuration.runTime.apply(stored)
      return answer(stored, need)
    },
  })

export const putConfiguration = (need: Need): Endpoint =>
  endpoint({
    name: 'configuration-set',
    method: 'PUT',
    path: '/api/config',
    access: access.administer,
    group: 'configuration',
    summary:
      'Sets settings at run time, in force within seconds in all instances; what is left out is as the environment has it',
    input: { body: RunTimeBody },
    output: ConfigurationAnswer,
    headers: ['etag'],
    refuses: ['precondition_failed'],
    run: async ({ body }, request) => change(() => given(body.settings), request, need),
  })

export const deleteConfiguration = (need: Need): Endpoint =>
  endpoint({
    name: 'configuration-reset',
    method: 'DELETE',
    path: '/api/config/{name}',
    access: access.administer,
    group: 'configuration',
    summary: 'Brings a setting back to what the environment has',
    input: { path: RunTimePath },
    output: ConfigurationAnswer,
    headers: ['etag'],
    refuses: ['precondition_failed'],
    run: async ({ path: { name } }, request) => {
      const without = ({ [name]: _, ...others }: RunTimeSettings['values']) => others
      return change(without, request, need)
    },
  })

/** Version of what nobody has set yet. */
const unset = 'unset'

async function change(
  make: (before: RunTimeSettings['values']) => RunTimeSettings['values'],
  request: ApiRequest,
  need: Need,
) {
  const { documents } = need.ports
  const stored = await readRunTimeSettings(documents)
  checkPreconditions(request, stored?.etag ?? unset)
  const document: RunTimeSettings = { id: 'run-time-settings', values: make(stored?.document.values ?? {}) }
  const written = stored
    ? await documents.replace(collections.runTimeSettings, document, stored.etag)
    : await documents.create(collections.runTimeSettings, document)
  if (!written) throw changedMeanwhile()
  const now = { document, ...written }
  need.configuration.runTime.apply(now)
  return answer(now, need)
}

/** What was checked by the settings' own schemas. */
const given = (values: Readonly<Record<string, unknown>>): RunTimeSettings['values'] =>
  RunTimeSettings.shape.values.parse(
    Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)),
  )

function answer(stored: Versioned<RunTimeSettings> | undefined, { configuration }: Need) {
  const { settings, sourceOf } = configuration
  const items = settingNames.map((name): ConfigurationAnswer['items'][number] => {
    const { isSecret, isRunTime } = factsOf(name)
    const value = settings[name] ?? null
    const isOverlaid = stored?.document.values[name] !== undefined
    return {
      ...{ name, value: isSecret ? null : value, is_set: value !== null && value !== '', is_secret: isSecret },
      ...{ source: isOverlaid ? 'run_time' : sourceOf(name), is_run_time: isRunTime },
    }
  })
  return { headers: { etag: entityTag(stored?.etag ?? unset) }, body: { items, next_cursor: null } }
}
