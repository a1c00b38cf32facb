import type { AdminAnswer, AdminContext, AdminEndpoint, AdminFunction, AdminRequest } from './admin.ts'
import { adminBody } from './admin-body.ts'

/** What the functions are, and the start of one by hand. */
export const functionEndpoints: readonly AdminEndpoint[] = [
  {
    method: 'GET',
    path: /^admin\/functions$/i,
    answer: ({ baseUrl }, { actions }) => ({
      status: 200,
      body: actions.functions.map(one => describe(one, baseUrl)),
    }),
  },
  {
    method: 'GET',
    path: /^admin\/functions\/(?<name>[^/]+)$/i,
    answer: ({ baseUrl }, context, { name }) =>
      ofFunction(context, name, one => ({ status: 200, body: describe(one, baseUrl) })),
  },
  {
    method: 'GET',
    path: /^admin\/functions\/(?<name>[^/]+)\/status$/i,
    // A function with an error fails the start of this host, so that none is left to tell of here.
    answer: (_, context, { name }) => ofFunction(context, name, () => ({ status: 200, body: {} })),
  },
  {
    method: 'POST',
    path: /^admin\/functions\/(?<name>[^/]+)$/i,
    answer: (request, context, { name }) => {
      const input = inputOf(request)
      return 'status' in input ? input : ofFunction(context, name, one => start(one, input.input, context))
    },
  },
]

/** Finds a function by name in any case; 404 when there is none. */
export function ofFunction<Answer>(
  { actions }: AdminContext,
  name: string | undefined,
  answer: (found: AdminFunction) => Answer,
): Answer | AdminAnswer {
  const found = actions.functions.find(one => one.name.toLowerCase() === name?.toLowerCase())
  return found === undefined ? { status: 404 } : answer(found)
}

async function start(found: AdminFunction, input: string | undefined, { actions }: AdminContext): Promise<AdminAnswer> {
  if (found.route !== undefined) {
    return { status: 400, body: `Function "${found.name}" is started by HTTP requests: call it at /${found.route}` }
  }
  const refusal = await actions.trigger(found.name, input)
  return refusal === undefined ? { status: 202 } : { status: 400, body: refusal }
}

function inputOf(request: AdminRequest): { input: string | undefined } | AdminAnswer {
  const body = adminBody(request)
  if ('status' in body) return body
  const { input } = body.json
  if (input === undefined || input === null) return { input: undefined }
  return typeof input === 'object' ? { status: 400 } : { input: String(input) }
}

// Of the files of a function nothing is served here, so that their addresses are null.
function describe({ name, bindings, route, isDisabled }: AdminFunction, baseUrl: string) {
  return {
    name,
    script_root_path_href: null,
    script_href: null,
    config_href: null,
    test_data_href: null,
    href: `${baseUrl}/admin/functions/${name}`,
    invoke_url_template: route === undefined ? null : `${baseUrl}/${route}`,
    language: 'node',
    config: { bindings: Object.entries(bindings).map(([bindingName, binding]) => ({ ...binding, name: bindingName })) },
    files: null,
    test_data: '',
    isDisabled,
    isDirect: true,
    isProxy: false,
  }
}
