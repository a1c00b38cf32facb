import type { Binding } from '../app/core-types.ts'
import type { DrainStatus } from '../workers/messages.ts'

interface AdminFunction {
  name: string
  bindings: Record<string, Binding>
  /** Path of an HTTP function, with its prefix. */
  route?: string
}

export interface AdminActions {
  hostId: string
  functions: AdminFunction[]
  baseUrl(): string
  /** Starts a function now; resolves when its worker has taken the order, with the reason when it has not. */
  trigger(functionName: string, input: string | undefined): Promise<string | undefined>
  /** Puts the host in drain mode: its functions, those called over HTTP aside, take no new work. */
  drain(): Promise<void>
  drainStatus(): Promise<DrainStatus>
  /** Ends drain mode. */
  resume(): Promise<void>
}

interface AdminRequest {
  method: string
  path: string
  body: Buffer | 'too-large' | undefined
}

export interface AdminAnswer {
  status: number
  body?: unknown
}

/** Answers GET admin/host/status, GET admin/functions[/NAME] and POST admin/functions/NAME, without a key on loopback. */
export async function answerAdmin(request: AdminRequest, actions: AdminActions): Promise<AdminAnswer> {
  const { method, path, body } = request
  const [, area, name] = path.replace(/\/$/, '').split('/')
  if (method === 'GET' && path === 'admin/host/status') {
    const processUptime = Math.round(process.uptime() * 1000)
    return { status: 200, body: { id: actions.hostId, state: 'Running', version: '4.0.0-local', processUptime } }
  }
  if (area !== 'functions') return { status: 404 }
  if (method === 'GET' && name === undefined) {
    return { status: 200, body: actions.functions.map(one => describe(one, actions)) }
  }
  const found = actions.functions.find(one => one.name.toLowerCase() === name?.toLowerCase())
  if (found === undefined) return { status: 404 }
  if (method === 'GET') return { status: 200, body: describe(found, actions) }
  if (method !== 'POST') return { status: 404 }
  const refusal = await actions.trigger(found.name, inputOf(body))
  return refusal === undefined ? { status: 202 } : { status: 400, body: { message: refusal } }
}

/** `input` of the body: what the function's trigger would hand over, as text. */
function inputOf(body: AdminRequest['body']): string | undefined {
  if (!(body instanceof Buffer) || body.length === 0) return undefined
  const { input } = JSON.parse(body.toString('utf8')) as { input?: unknown }
  return input === undefined || input === null ? undefined : String(input)
}

function describe({ name, bindings, route }: AdminFunction, { baseUrl }: AdminActions) {
  return {
    name,
    language: 'node',
    isDisabled: false,
    href: `${baseUrl()}/admin/functions/${name}`,
    ...(route !== undefined && { invoke_url_template: `${baseUrl()}/${route}` }),
    config: { bindings: Object.entries(bindings).map(([bindingName, binding]) => ({ ...binding, name: bindingName })) },
  }
}
