import { type LogEvent, logEvents, metrics } from '../../../shared/schemas/telemetry.ts'
import { at, isArray, Resource, textOf, type Value } from '../bicep/values.ts'
import type { Infrastructure, Scenario } from '../infrastructure.ts'
import { each, type Policy, policy, policyOfAll, unequal } from './policy.ts'

const diagnostics = 'Microsoft.Insights/diagnosticSettings'
const logRule = 'Microsoft.Insights/scheduledQueryRules'
const metricRule = 'Microsoft.Insights/metricAlerts'
const workspaceId = ({ all }: Scenario) => all('Microsoft.OperationalInsights/workspaces')[0]?.id
const componentId = ({ all }: Scenario) => all('Microsoft.Insights/components')[0]?.id
const groupId = ({ all }: Scenario) => all('Microsoft.Insights/actionGroups')[0]?.id ?? null

/** What each service tells the workspace: who changed what, not who read it. */
const told = {
  'Microsoft.Storage/storageAccounts/blobServices': 'StorageDelete',
  'Microsoft.DocumentDB/databaseAccounts': 'ControlPlaneRequests',
  'Microsoft.EventHub/namespaces': 'OperationalLogs',
  'Microsoft.KeyVault/vaults': 'AuditEvent',
} as const

const list = (value: Value | undefined): readonly Value[] => (isArray(value) ? value : [])
const field = (value: Value, name: string) => textOf(at(value, name) ?? null)
const alertsOf = ({ json }: Infrastructure, kind: 'log' | 'metric' | 'groups') =>
  list(at(json('infra/bicep/alerts.json'), kind))
const queryOf = (alert: Value) => list(at(alert, 'query')).map(textOf).join('\n')

/** The alerts that a rule stands for: in starter a group's, in enterprise one. */
function partsOf(infrastructure: Infrastructure, { profile }: Scenario, rule: string): readonly Value[] {
  return alertsOf(infrastructure, 'log').filter(
    alert => field(alert, profile === 'starter' ? 'group' : 'name') === rule,
  )
}
const partText = (alert: Value) =>
  `${queryOf(alert)}\n| project alert = '${field(alert, 'name')}', about, value = todouble(value), over = todouble(value) - ${field(alert, 'threshold')}`

/** Texts that name metrics and events: alerts, workbook, dashboard. */
const tellers = ['infra/bicep/alerts.json', 'infra/bicep/workbook.json', 'infra/grafana/sidecart.json'] as const
const named = (text: string) => ({
  metrics: [...text.matchAll(/sidecart_(\w+)/g)].map(([, name = '']) => name.replace(/_(bucket|sum|count)$/, '')),
  events: [...text.matchAll(/\.event\)?\s*(?:==|in)\s*\(?\s*((?:'\w+'[,\s]*)+)/g)].flatMap(([, names = '']) =>
    [...names.matchAll(/'(\w+)'/g)].map(([, name = '']) => name),
  ),
})
/** Of these somebody is called; the others are for pages and logs. */
const calledFor: readonly LogEvent[] = [
  ...(['run_failed', 'poisoned', 'dead_letters', 'data_quality_low', 'drift', 'rolled_back', 'model_refused'] as const),
  ...(['dependency_away', 'erasure_failed', 'budget_slowed', 'published', 'heartbeat'] as const),
]

const logs: readonly Policy[] = [
  policy('Each service tells the workspace who changed what', ({ all }) =>
    unequal(
      'told',
      all(diagnostics).map(({ scope, properties }) => {
        const log = list(properties.logs)[0] ?? null
        const of = scope instanceof Resource ? `${scope.type} ${scope.name.split('/')[0]?.slice(0, -13)}` : 'nothing'
        return `${of} ${field(log, 'category')} ${field(log, 'enabled')}`
      }),
      ['sthost', 'stlake', 'cosmos-', 'evhns-', 'kv-'].map((name, index) => {
        const [type, category] = Object.entries(told)[Math.max(0, index - 1)] ?? []
        return `${type} ${name} ${category} true`
      }),
    ),
  ),
  each('What is told goes to the workspace of this deployment, and each kind once', diagnostics, {
    'properties.workspaceId': workspaceId,
    'properties.logs': (_, { scope, properties }) => {
      const type = textOf(scope ?? null)
      const category = Object.entries(told).find(([known]) => type.startsWith(`${known}/`))?.[1]
      return category === undefined ? properties.logs : [{ category, enabled: true }]
    },
    'properties.logAnalyticsDestinationType': (_, { scope }) =>
      textOf(scope ?? null).startsWith('Microsoft.DocumentDB') ? 'Dedicated' : undefined,
  }),
  each(
    'A flood of logs ends at the cap of its day, and logs go after the profile’s time',
    'Microsoft.OperationalInsights/workspaces',
    {
      'properties.sku': { name: 'PerGB2018' },
      'properties.workspaceCapping': ({ profile }) => ({ dailyQuotaGb: profile === 'starter' ? 0.15 : 5 }),
      'properties.retentionInDays': ({ profile }) => (profile === 'starter' ? 30 : 90),
    },
  ),
  each('Logs are opened by identities, each to what it may see', 'Microsoft.OperationalInsights/workspaces', {
    'properties.features': { disableLocalAuth: true, enableLogAccessUsingOnlyResourcePermissions: true },
  }),
  each('Telemetry is taken from identities alone, into the workspace', 'Microsoft.Insights/components', {
    kind: 'web',
    'properties.Application_Type': 'web',
    'properties.DisableLocalAuth': true,
    'properties.WorkspaceResourceId': workspaceId,
    'properties.IngestionMode': 'LogAnalytics',
    'properties.RetentionInDays': ({ profile }) => (profile === 'starter' ? 30 : 90),
  }),
  each('The budget calls when 80 % are spent, and when all will be', 'Microsoft.Consumption/budgets', {
    'properties.category': 'Cost',
    'properties.amount': ({ profile }) => (profile === 'starter' ? 15 : 1000),
    'properties.timeGrain': 'Monthly',
    'properties.timePeriod': { startDate: '2026-11-01' },
    'properties.notifications': () => {
      const to = { contactEmails: ['ada@shop.example', 'ben@shop.example'], contactRoles: ['Owner'] }
      const of = { enabled: true, operator: 'GreaterThanOrEqualTo' }
      return {
        actual80: { ...of, threshold: 80, thresholdType: 'Actual', ...to },
        forecast100: { ...of, threshold: 100, thresholdType: 'Forecasted', ...to },
      }
    },
  }),
  policy('There is a budget, a workspace, a component, an action group and a workbook, one each', ({ all }) =>
    [
      'Consumption/budgets',
      'OperationalInsights/workspaces',
      'Insights/components',
      'Insights/actionGroups',
      'Insights/workbooks',
    ]
      .map(type => `Microsoft.${type}`)
      .filter(type => all(type).length !== 1)
      .map(type => `${all(type).length} of ${type}`),
  ),
]

const alerts: readonly Policy[] = [
  policy('Each alert has a rule: in starter its group’s, in enterprise its own', (scenario, infrastructure) => {
    const kind = scenario.profile === 'starter' ? 'groups' : 'log'
    return [
      ...unequal(
        'rule',
        scenario.all(logRule).map(({ name }) => name.replace(/^alert-[a-z0-9]{13}-/, '')),
        alertsOf(infrastructure, kind).map(rule => field(rule, 'name')),
      ),
      ...unequal(
        'rule',
        scenario.all(metricRule).map(({ name }) => name.replace(/^alert-[a-z0-9]{13}-/, '')),
        alertsOf(infrastructure, 'metric').map(rule => field(rule, 'name')),
      ),
      ...(scenario.profile === 'starter' && scenario.all(logRule).length > 4
        ? ['more rules than starter pays for']
        : []),
    ]
  }),
  policy(
    'A rule asks for all of its alerts, and calls when one is beyond its threshold',
    (scenario, infrastructure) =>
      scenario.all(logRule).flatMap(rule => {
        const name = rule.name.replace(/^alert-[a-z0-9]{13}-/, '')
        const wanted = {
          query: `union (${partsOf(infrastructure, scenario, name).map(partText).join('),\n(')})`,
          ...{ metricMeasureColumn: 'over', timeAggregation: 'Maximum', operator: 'GreaterThan', threshold: 0 },
          dimensions: ['alert', 'about'].map(dimension => ({ name: dimension, operator: 'Include', values: ['*'] })),
          failingPeriods: { numberOfEvaluationPeriods: 1, minFailingPeriodsToAlert: 1 },
        }
        const found = list(at(rule.properties, 'criteria.allOf'))
        return textOf(found) === textOf([wanted]) ? [] : [`${rule.label}: ${textOf(found).slice(0, 300)}`]
      }),
    { [logRule]: ['properties.criteria'] },
  ),
  each('Rules are at work, call people, and tell when all is well again', logRule, {
    kind: 'LogAlert',
    'properties.enabled': true,
    'properties.autoMitigate': true,
    'properties.scopes': scenario => [componentId(scenario) ?? null],
    'properties.actions': scenario => ({ actionGroups: [groupId(scenario)] }),
    'properties.evaluationFrequency': ({ profile }) => (profile === 'starter' ? 'PT15M' : 'PT5M'),
  }),
  policy(
    'A rule has the severity, window and words of alerts.json',
    (scenario, infrastructure) =>
      scenario.all(logRule).flatMap(({ name, label, properties }) => {
        const kind = scenario.profile === 'starter' ? 'groups' : 'log'
        const wanted = alertsOf(infrastructure, kind).find(rule => name.endsWith(`-${field(rule, 'name')}`)) ?? null
        const title = field(wanted, 'title')
        return [
          ...(properties.severity === at(wanted, 'severity') ? [] : [`${label}: severity`]),
          ...(properties.windowSize === at(wanted, 'window') ? [] : [`${label}: window`]),
          ...(properties.displayName === `Sidecart: ${title}` ? [] : [`${label}: name`]),
          ...(properties.description === `${title}. What to do: docs/runbook.md` ? [] : [`${label}: description`]),
        ]
      }),
    { [logRule]: ['properties.severity', 'properties.windowSize', 'properties.displayName', 'properties.description'] },
  ),
  policyOfAll('A query looks no further back than its rule’s window, as more is cut off silently', infrastructure =>
    alertsOf(infrastructure, 'log').flatMap(alert => {
      const group =
        alertsOf(infrastructure, 'groups').find(found => field(found, 'name') === field(alert, 'group')) ?? null
      const longest = Math.max(
        ...[...queryOf(alert).matchAll(/ago\((\d+)([mhd])\)/g)].map(
          ([, count, unit]) => Number(count) * minutesOf(unit ?? 'm'),
        ),
      )
      return [alert, group]
        .filter(rule => windowMinutes(field(rule, 'window')) < longest)
        .map(rule => `${field(alert, 'name')} in ${field(rule, 'name')}: ${longest} minutes`)
    }),
  ),
  each('What Azure itself measures calls people, too', metricRule, {
    location: 'global',
    'properties.enabled': true,
    'properties.autoMitigate': true,
    'properties.severity': (_, rule) => (rule.name.endsWith('-throttled') ? 3 : undefined),
    'properties.scopes': ({ all }) => [all('Microsoft.DocumentDB/databaseAccounts')[0]?.id ?? null],
    'properties.evaluationFrequency': ({ profile }) => (profile === 'starter' ? 'PT15M' : 'PT5M'),
    'properties.windowSize': 'PT15M',
    'properties.actions': scenario => [{ actionGroupId: groupId(scenario) }],
    'properties.description':
      'More than 100 requests in 15 minutes were refused with 429: they are repeated, and cost time. What to do: docs/runbook.md',
    'properties.criteria': {
      'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria',
      allOf: [
        {
          ...{ criterionType: 'StaticThresholdCriterion', name: 'throttled' },
          ...{ metricNamespace: 'Microsoft.DocumentDB/databaseAccounts', metricName: 'TotalRequests' },
          ...{ timeAggregation: 'Count', operator: 'GreaterThan', threshold: 100 },
          dimensions: [{ name: 'StatusCode', operator: 'Include', values: ['429'] }],
        },
      ],
    },
  }),
  each('The people named are told by e-mail, and a channel where one is named', 'Microsoft.Insights/actionGroups', {
    location: 'global',
    'properties.groupShortName': 'sidecart',
    'properties.enabled': true,
    'properties.emailReceivers': ['ada@shop.example', 'ben@shop.example'].map((emailAddress, index) => ({
      ...{ name: `email-${index}`, emailAddress, useCommonAlertSchema: true },
    })),
    'properties.smsReceivers': ({ optionsGiven }) =>
      optionsGiven ? [{ name: 'sms-0', countryCode: '49', phoneNumber: '1705550177' }] : [],
    'properties.webhookReceivers': ({ optionsGiven }) =>
      optionsGiven ? [{ name: 'teams', serviceUri: 'secret:teams', useCommonAlertSchema: true }] : [],
  }),
  each('The operator’s page is over this deployment’s telemetry', 'Microsoft.Insights/workbooks', {
    kind: 'shared',
    'properties.displayName': 'Sidecart',
    'properties.category': 'workbook',
    'properties.version': 'Notebook/1.0',
    'properties.sourceId': componentId,
  }),
  policy(
    'The operator’s page is workbook.json, whole, and asks this component',
    (scenario, { text }) => {
      const wanted = text('infra/bicep/workbook.json').replaceAll('{componentId}', componentId(scenario) ?? '')
      const found = scenario.all('Microsoft.Insights/workbooks').map(({ properties }) => properties.serializedData)
      return found.every(data => data === wanted) ? [] : ['serializedData is another text']
    },
    { 'Microsoft.Insights/workbooks': ['properties.serializedData'] },
  ),
]

const names: readonly Policy[] = [
  policyOfAll('Alerts, workbook and dashboard name metrics and events that the code emits', ({ text }) =>
    tellers.flatMap(file => {
      const found = named(text(file))
      return [
        ...found.metrics.filter(name => !Object.hasOwn(metrics, name)).map(name => `${file}: no metric ${name}`),
        ...found.events.filter(name => !Object.hasOwn(logEvents, name)).map(name => `${file}: no event ${name}`),
        ...(found.metrics.length + found.events.length > 0 ? [] : [`${file} names nothing`]),
      ]
    }),
  ),
  policyOfAll('Every event that somebody is called for has an alert', ({ text }) => {
    const alerted = named(text('infra/bicep/alerts.json')).events
    return calledFor.filter(event => !alerted.includes(event)).map(event => `${event} calls nobody`)
  }),
]

function minutesOf(unit: string): number {
  return unit === 'd' ? 1440 : unit === 'h' ? 60 : 1
}

/** Minutes of `PT15M`, `PT3H`, `P2D`. */
function windowMinutes(window: string): number {
  const [, count, unit = ''] = /^PT?(\d+)([MHD])$/.exec(window) ?? []
  return Number(count) * minutesOf(unit.toLowerCase())
}

export const watchingPolicies: readonly Policy[] = [...logs, ...alerts, ...names]
