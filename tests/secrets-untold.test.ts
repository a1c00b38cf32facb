import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { AppSettings } from '../shared/adapters/azure/app-settings.ts'
import { azurePorts } from '../shared/adapters/azure/ports.ts'
import { answeringShop, apiOver, environment } from './api-by-hand.ts'
import { interceptedPorts } from './faulty-ports.ts'
import { deliver, jobsOf, stocktaking } from './stocktaking.ts'

const noVault = () => {
  throw new Error('there is no vault')
}
const app = new AppSettings(environment, { vault: noVault })
const { log, redact } = azurePorts(app.settings, app.redactor.redact)

let lines: string[]
beforeEach(() => {
  lines = []
  for (const level of ['log', 'warn', 'error'] as const)
    vi.spyOn(console, level).mockImplementation(line => void lines.push(String(line)))
})
afterEach(() => {
  vi.restoreAllMocks()
})

/** As a package of Azure tells what it was opened by. */
const told = `refused: ${environment.COSMOS_KEY} ${environment.PSEUDONYM_KEY} ${environment.AzureWebJobsStorage}`

test('secrets of settings and headers are in no log line and no answer, also when everything fails', async () => {
  const of = await answeringShop()
  const failing = interceptedPorts({ ...of.ports, log, redact }, () => Promise.reject(new Error(told)))
  const { all, call } = apiOver({ ...of, ports: Object.assign(Object.create(of.ports), failing) })
  const headers = { 'x-api-key': 'canary-of-a-header', authorization: 'Bearer canary-of-a-token' }
  const answers: unknown[] = []
  for (const name of Object.keys(all)) {
    const path = { id: 'pen', job: 'refresh-0123456789abcdef', name: 'home', category: 'Kitchen', item: 'pad' }
    answers.push((await call(name, { path, headers })).json)
    answers.push((await call(name, { path, headers, body: '{"sent-in-a-body":' })).json)
  }
  expect(lines.length).toBeGreaterThan(10)
  expect(lines.some(line => line.includes('refused: ***'))).toBe(true)
  expect(lines.filter(line => /canary-of|sent-in-a-body/.test(line))).toEqual([])
  // What is wrong with a body is told to who sent it, and to nobody else.
  expect(answers.filter(answer => JSON.stringify(answer).includes('canary-of'))).toEqual([])
})

test('a job that fails tells no secret: not in the log, nor in its own, nor in its status', async () => {
  const of = await answeringShop()
  const ports = Object.assign(of.ports, { log, redact })
  const [first, ...rest] = stocktaking
  if (!first) throw new Error('the stocktaking has stages')
  const jobs = jobsOf([{ ...first, run: () => Promise.reject(new Error(told)) }, ...rest])
  const { call } = apiOver(of)
  await call('batch-trigger')
  for (let tries = 0; tries < 20 && ports.sent.length > 0; tries++) {
    const [message] = ports.sent
    await deliver(ports, { jobs }).catch(() => message && ports.sent.push(message))
  }
  const status = JSON.stringify((await call('batch-status')).json)
  expect(status).toContain('refused: ***')
  const logs = await Array.fromAsync(ports.blobs.list('logs/'), async ({ path }) => await ports.blobs.read(path))
  const kept = logs.map(bytes => new TextDecoder().decode(bytes))
  expect(kept.join()).toContain('refused: ***')
  expect([status, ...kept, ...lines].filter(text => text.includes('canary-of'))).toEqual([])
})
