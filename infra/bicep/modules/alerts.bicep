// The alerts of ../alerts.json. Where the profile has fewer rules than alerts, one rule watches a group of them: a row
// says by its column `alert` which one it is of, and rules split by it.
param location string
param tags object = {}

@description('Begins the names of the rules.')
param prefix string

@description('Id of the Application Insights component that the app writes to.')
param componentId string

@description('Id of the Cosmos DB account.')
param cosmosAccountId string

@description('Id of the action group that is told.')
param actionGroupId string

@description('How often rules are evaluated: 5 or 15.')
@allowed([
  5
  15
])
param everyMinutes int

@description('Log rules that the profile pays for.')
param logRules int

var definitions = loadJsonContent('../alerts.json')
var isGrouped = logRules < length(definitions.log)
// What a rule watches, and how: each alert by itself, or each group.
var rules = isGrouped ? definitions.groups : definitions.log
// One shape for all: which alert, what it is about, and by how much the value is beyond its threshold.
var parts = map(definitions.log, alert => {
  rule: isGrouped ? alert.group : alert.name
  query: '${join(alert.query, '\n')}\n| project alert = \'${alert.name}\', about, value = todouble(value), over = todouble(value) - ${alert.threshold}'
})
var queries = map(
  rules,
  rule => 'union (${join(map(filter(parts, part => part.rule == rule.name), part => part.query), '),\n(')})'
)

resource logAlerts 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = [
  for (rule, index) in rules: {
    name: '${prefix}-${rule.name}'
    location: location
    tags: tags
    kind: 'LogAlert'
    properties: {
      displayName: 'Sidecart: ${rule.title}'
      description: '${rule.title}. What to do: docs/runbook.md'
      severity: rule.severity
      enabled: true
      autoMitigate: true
      scopes: [
        componentId
      ]
      evaluationFrequency: 'PT${everyMinutes}M'
      windowSize: rule.window
      criteria: {
        allOf: [
          {
            query: queries[index]
            metricMeasureColumn: 'over'
            timeAggregation: 'Maximum'
            operator: 'GreaterThan'
            threshold: 0
            dimensions: [
              {
                name: 'alert'
                operator: 'Include'
                values: [
                  '*'
                ]
              }
              {
                name: 'about'
                operator: 'Include'
                values: [
                  '*'
                ]
              }
            ]
            failingPeriods: {
              numberOfEvaluationPeriods: 1
              minFailingPeriodsToAlert: 1
            }
          }
        ]
      }
      actions: {
        actionGroups: [
          actionGroupId
        ]
      }
    }
  }
]

resource metricAlerts 'Microsoft.Insights/metricAlerts@2018-03-01' = [
  for alert in definitions.metric: {
    name: '${prefix}-${alert.name}'
    location: 'global'
    tags: tags
    properties: {
      description: '${alert.means} What to do: docs/runbook.md'
      severity: alert.severity
      enabled: true
      autoMitigate: true
      scopes: [
        cosmosAccountId
      ]
      evaluationFrequency: 'PT${everyMinutes}M'
      windowSize: alert.window
      criteria: {
        'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
        allOf: [
          {
            criterionType: 'StaticThresholdCriterion'
            name: alert.name
            metricNamespace: alert.namespace
            metricName: alert.metric
            timeAggregation: alert.aggregation
            operator: 'GreaterThan'
            threshold: alert.threshold
            dimensions: [
              {
                name: alert.dimension
                operator: 'Include'
                values: alert.values
              }
            ]
          }
        ]
      }
      actions: [
        {
          actionGroupId: actionGroupId
        }
      ]
    }
  }
]
