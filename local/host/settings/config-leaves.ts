import type { Leaf } from './config-reader.ts'

const overridePrefix = /^AzureFunctionsJobHost(?:__|:)/i

/** Every value in a parsed JSON file; empty objects and lists are values too, so that their names can be checked. */
export function leavesOf(json: unknown, source: string, path: string[] = []): Leaf[] {
  const isParent = typeof json === 'object' && json !== null && Object.keys(json).length > 0
  if (!isParent) return [{ path, value: json, source }]
  return Object.entries(json).flatMap(([name, value]) => leavesOf(value, source, [...path, name]))
}

/**
 * What app settings put in the place of values of host.json: AzureFunctionsJobHost__extensions__http__routePrefix.
 * Source: learn.microsoft.com/azure/azure-functions/functions-host-json#override-hostjson-values
 */
export function overridesOf(settings: Record<string, string>): Leaf[] {
  return Object.entries(settings)
    .filter(([name]) => overridePrefix.test(name))
    .map(([name, value]) => ({
      path: name.replace(overridePrefix, '').split(/__|:/),
      value,
      source: `setting "${name}"`,
    }))
}
