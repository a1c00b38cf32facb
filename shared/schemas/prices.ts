/**
 * The one table of prices: US dollars, East US, pay as you go, without taxes. Source: Microsoft's price pages as listed in summer
 * 2026 (Azure Functions, Event Hubs, Azure Cosmos DB, Blob and Queue Storage of general-purpose v2, Azure Monitor, Key Vault,
 * Private Link, Static Web Apps). Another region or contract: change them here, and nowhere else.
 */
export const prices = {
  asOf: '2026-07',
  flex: {
    onDemand: { gbSecond: 0.000026, millionExecutions: 0.4 },
    /** A month and a subscription, of what is on demand alone. */
    grant: { gbSeconds: 100_000, executions: 250_000 },
    /** Of an instance that is kept: its memory all the time, and again while it works. */
    alwaysReady: { baselineGbSecond: 0.000004, gbSecond: 0.000016, millionExecutions: 0.4 },
  },
  eventHubs: {
    Basic: { throughputUnitHour: 0.015, millionEvents: 0.028 },
    Standard: { throughputUnitHour: 0.03, millionEvents: 0.028 },
  },
  cosmos: {
    /** One account a subscription: nothing for so much of both. */
    freeTier: { requestUnitsPerSecond: 1_000, gb: 25 },
    serverlessMillionRequestUnits: 0.28,
    /** Autoscale: by the hour's highest, a tenth of what is set at least. */
    autoscaleHundredRequestUnitsHour: 0.012,
    gbMonth: 0.25,
  },
  storage: {
    Standard_LRS: { gbMonth: 0.0208, tenThousandWrites: 0.055, tenThousandReads: 0.0044 },
    Standard_ZRS: { gbMonth: 0.026, tenThousandWrites: 0.0688, tenThousandReads: 0.0044 },
    tenThousandQueueOperations: 0.004,
  },
  logs: { gb: 2.3, freeGb: 5 },
  alerts: {
    /** By how often its query runs, in minutes. */
    logRuleMonth: { 15: 0.5, 10: 1, 5: 1.5 },
    metricRuleMonth: 0.1,
  },
  vault: { tenThousandOperations: 0.03 },
  privateEndpointHour: 0.01,
  staticWebAppMonth: { Free: 0, Standard: 9 },
} as const

/** As Azure's own calculator reckons a month. */
export const hoursAMonth = 730
