import type { AdminAnswer, AdminContext, AdminEndpoint, AdminRequest } from './admin.ts'
import { functionEndpoints } from './admin-functions.ts'
import { hostEndpoints } from './admin-host.ts'
import { keyEndpoints } from './admin-keys.ts'

const endpoints: readonly AdminEndpoint[] = [...hostEndpoints, ...keyEndpoints, ...functionEndpoints]

/** Answers admin/host and admin/functions as Azure does: with the master key only, except for the ping. */
export async function answerAdmin(request: AdminRequest, context: AdminContext): Promise<AdminAnswer> {
  const path = request.path.replace(/\/$/, '')
  for (const endpoint of endpoints) {
    const match = request.method === endpoint.method ? endpoint.path.exec(path) : null
    if (match === null) continue
    if (endpoint.open !== true && request.level !== 'admin') {
      // A key that is known but of too low a level is forbidden; any other is no key at all.
      return { status: request.level === 'anonymous' ? 401 : 403 }
    }
    const names = decoded(match.groups ?? {})
    return names === undefined ? { status: 404 } : endpoint.answer(request, context, names)
  }
  return { status: 404 }
}

function decoded(groups: Record<string, string>): Record<string, string> | undefined {
  try {
    return Object.fromEntries(Object.entries(groups).map(([name, text]) => [name, decodeURIComponent(text)]))
  } catch {
    // A malformed escape names nothing.
    return undefined
  }
}
