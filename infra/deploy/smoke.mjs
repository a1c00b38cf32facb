// Asks a deployed app what shops will ask. Plain JavaScript on purpose: a deployment needs no install to run it.
import { parseArgs } from 'node:util'

const help = `Asks a deployed app whether it serves: alive, ready, closed to strangers, of the expected version, and a list with items.

  node infra/deploy/smoke.mjs --url https://HOST [--version V] [--empty] [--wait 180]

    --version V   what /api/metadata has to say
    --empty       nothing is published yet: neither readiness nor items are asked for
    --wait S      seconds that the app may take until all holds
    SIDECART_TOKEN in the environment is a bearer token of the role reader.

The exit code is 1 when something does not hold; each line says what.`

const { values } = parseArgs({
  options: {
    url: { type: 'string' },
    version: { type: 'string' },
    empty: { type: 'boolean', default: false },
    wait: { type: 'string', default: '180' },
    help: { type: 'boolean', default: false },
  },
})
if (values.help) {
  console.log(help)
  process.exit(0)
}
const token = process.env.SIDECART_TOKEN
const waitMs = Number(values.wait) * 1000
const wrong = [
  ...(URL.canParse(values.url ?? '') ? [] : [`--url must be the app's address: current value is ${values.url}`]),
  ...(Number.isFinite(waitMs) && waitMs >= 0 ? [] : [`--wait must be seconds: current value is ${values.wait}`]),
  ...(token ? [] : ['SIDECART_TOKEN must be a token of the role reader: it is not set']),
]
if (wrong.length > 0) {
  console.error(wrong.join('\n'))
  process.exit(1)
}

/** What has to hold, in the order in which an app comes up; each gives what is wrong, or nothing. */
const checks = {
  alive: async () => (await ask('/health/live', 200)).fault,
  ready: async () => (values.empty ? undefined : (await ask('/health/ready', 200)).fault),
  'its services answer': async () => {
    const { body, fault } = await ask('/health', values.empty ? [200, 503] : 200)
    const away = Object.entries(body?.dependencies ?? {}).filter(([, { ok }]) => !ok)
    return (
      fault ?? (body?.dependencies && away.length === 0 ? undefined : `/health: away are ${away.map(([name]) => name)}`)
    )
  },
  'closed to strangers': async () => (await ask('/api/trending', 401)).fault,
  'of the expected version': async () => {
    const { body, fault } = await ask('/api/metadata', 200, { token })
    if (fault || values.version === undefined || body?.version === values.version) return fault
    return `/api/metadata: version is ${body?.version}, not ${values.version}`
  },
  recommends: async () => {
    const { body, fault } = await ask('/recommend/session/smoke-test?limit=3', 200, { token })
    if (fault || values.empty) return fault
    return body?.items?.length > 0 && body.recommendation_id ? undefined : '/recommend/session: the list is empty'
  },
}

const started = Date.now()
for (const [name, check] of Object.entries(checks)) {
  const failure = await eventually(check)
  const seconds = ((Date.now() - started) / 1000).toFixed(1)
  console.log(
    `${failure === undefined ? 'yes' : 'NO '} ${name} (${seconds} s)${failure === undefined ? '' : `: ${failure}`}`,
  )
  if (failure !== undefined) process.exit(1)
}

/** Asks again until it holds or the time that the app may take is over. */
async function eventually(check) {
  for (;;) {
    const failure = await check()
    if (failure === undefined || Date.now() - started >= waitMs) return failure
    await new Promise(resolve => setTimeout(resolve, Math.min(2000, waitMs)))
  }
}

/** @returns the body, and what is wrong with the answer if something is */
async function ask(path, statuses, { token: bearer } = {}) {
  const allowed = [statuses].flat()
  try {
    const headers = bearer ? { authorization: `Bearer ${bearer}` } : {}
    const answer = await fetch(new URL(path, values.url), {
      headers,
      redirect: 'manual',
      signal: AbortSignal.timeout(30_000),
    })
    const text = await answer.text()
    if (!allowed.includes(answer.status))
      return { fault: `${path} answers ${answer.status}, not ${allowed}: ${text.slice(0, 300)}` }
    return { body: JSON.parse(text) }
  } catch (cause) {
    return { fault: `${path}: ${cause.cause?.code ?? cause.message}` }
  }
}
