/** App settings the Functions runtime reads. Source: learn.microsoft.com/azure/azure-functions/functions-app-settings */
export const runtimeSettings = [
  'APPLICATIONINSIGHTS_CONNECTION_STRING',
  'AZURE_FUNCTIONS_ENVIRONMENT',
  'AzureFunctionsWebHost__hostid',
  'AzureWebJobsFeatureFlags',
  'AzureWebJobsSecretStorageType',
  'AzureWebJobsStorage',
  'FUNCTIONS_EXTENSION_VERSION',
  'FUNCTIONS_REQUEST_BODY_SIZE_LIMIT',
  'FUNCTIONS_WORKER_PROCESS_COUNT',
  'FUNCTIONS_WORKER_RUNTIME',
  'WEBSITE_HOSTNAME',
  'WEBSITE_RUN_FROM_PACKAGE',
  'WEBSITE_SITE_NAME',
  'WEBSITE_TIME_ZONE',
  'languageWorkers__node__arguments',
] as const

/** Also those of the runtime's families: overrides of host.json and switched-off functions. */
export function isRuntimeSetting(name: string): boolean {
  return (
    runtimeSettings.some(one => one === name) ||
    /^AzureFunctionsJobHost(__|:)/.test(name) ||
    /^AzureWebJobs\..+\.Disabled$/.test(name)
  )
}
