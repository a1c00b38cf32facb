import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Deployment, deploy } from './bicep/deploy.ts'
import { parseBicep } from './bicep/syntax.ts'
import { type Template, templateOf } from './bicep/template.ts'
import { at, type Resource, type Value } from './bicep/values.ts'

const root = join(import.meta.dirname, '../..')
const main = 'infra/bicep/main.bicep'

/** What a person or a workflow gives; a secret is told by how it begins. */
export const secretMark = 'secret:'
const always = {
  ...{ environmentName: 'shop', location: 'westeurope', apiClientId: 'client-id-of-the-api' },
  ...{ contactEmails: 'ada@shop.example, ben@shop.example', budgetStartDate: '2026-11-01' },
}
const everything = {
  ...{ pseudonymKey: `${secretMark}pseudonym`, shopperTokenKey: `${secretMark}token` },
  ...{ shopperTokenKeyBefore: `${secretMark}token before`, webEnabled: true, webDomain: 'shop.example' },
  ...{ allowedAddresses: '192.0.2.0/24, 198.51.100.0/24', adminAllowedAddresses: '192.0.2.0/24' },
  ...{ corsOrigins: 'https://admin.shop.example, https://till.shop.example', dataEngineers: 'group:engineers' },
  ...{
    dataScientists: 'group:scientists',
    operators: 'group:operators',
    contactTelephones: [{ countryCode: '49', phoneNumber: '1705550177' }],
    teamsWebhook: `${secretMark}teams`,
  },
}

/** Each profile as it is deployed again with little, and as it is first deployed with all there is. */
const scenarios = {
  starter: { ...always, profile: 'starter' },
  'starter, all options': { ...always, ...everything, profile: 'starter' },
  enterprise: { ...always, profile: 'enterprise' },
  'enterprise, all options': { ...always, ...everything, profile: 'enterprise' },
} as const
export type ScenarioName = keyof typeof scenarios
export const scenarioNames = Object.keys(scenarios) as ScenarioName[]

export interface Scenario extends Deployment {
  name: ScenarioName
  profile: 'starter' | 'enterprise'
  /** Whether all that a person may leave out was given. */
  optionsGiven: boolean
  parameters: Readonly<Record<string, Value>>
  /** What profiles.json has of a path, like `eventHubs.tier`. */
  of(path: string): Value | undefined
  /** Resources of a type, like `Microsoft.Storage/storageAccounts`. */
  all(type: string): readonly Resource[]
}

export interface Infrastructure {
  scenarios: readonly Scenario[]
  templates: readonly Template[]
  text(file: string): string
  json(file: string): Value
}

/** Texts that stand in the place of files, by path from the root. */
export type Overlay = Readonly<Record<string, string>>

const texts = new Map<string, string>()
const parsed = new Map<string, Template>()

export const bicepFiles: readonly string[] = globSync('infra/bicep/**/*.bicep', { cwd: root }).sort()

/**
 * All that the templates deploy, in every scenario. The grammar has to be loaded.
 * @throws BicepError where a template cannot be read or deployed
 */
export function infrastructure(overlay: Overlay = {}, names: readonly ScenarioName[] = scenarioNames): Infrastructure {
  const text = (file: string): string => overlay[file] ?? textOnDisk(file)
  const template = (file: string): Template => {
    const overlaid = overlay[file]
    if (overlaid !== undefined) return templateOf(parseBicep(overlaid, file), file)
    const known = parsed.get(file)
    if (known) return known
    const made = templateOf(parseBicep(text(file), file), file)
    parsed.set(file, made)
    return made
  }
  const profiles = JSON.parse(text('infra/bicep/profiles.json')) as Value
  const each = names.map((name): Scenario => {
    const parameters = scenarios[name]
    const deployment = deploy(main, parameters, { template, text })
    const byType = Map.groupBy(deployment.resources, ({ type }) => type)
    return {
      ...deployment,
      name,
      ...{ profile: parameters.profile, optionsGiven: 'webEnabled' in parameters, parameters },
      of: path => at(profiles, `${parameters.profile}.${path}`),
      all: type => byType.get(type) ?? [],
    }
  })
  return { scenarios: each, templates: bicepFiles.map(template), text, json: file => JSON.parse(text(file)) as Value }
}

function textOnDisk(file: string): string {
  const known = texts.get(file)
  if (known !== undefined) return known
  const text = readFileSync(join(root, file), 'utf8')
  texts.set(file, text)
  return text
}
