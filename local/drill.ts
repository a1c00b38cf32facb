import { spawn } from 'node:child_process'
import { hash } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { type Api, getJson, runJob } from './api-client.ts'
import { type LocalStack, startLocalStack } from './local-stack.ts'
import { projectRoot } from './project-root.ts'
import { startTask } from './task-process.ts'

const help = `Rehearses a disaster on this machine: a shop is filled, copied, lost with all of its stores, brought back in new
ones, and asked again.

  npm run drill -- [--data DIR] [--users N]

  --data DIR  the shop, as for npm start (data)
  --users N   how many people's lists are asked for, before and after (50)
  --help

Everything happens in a folder of its own, on free ports. Status 1: the answers are not the same.`

const Users = z.object({ items: z.array(z.object({ user_id: z.string() })) })
const List = z.object({
  items: z.array(z.object({ item_id: z.string(), name: z.string(), price: z.number(), reason: z.unknown() })),
})

async function drill(data: string, users: number): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'sidecart-drill-'))
  const backup = join(folder, 'backup')
  try {
    await timed('Building the app', () => startTask(new URL('./build.ts', import.meta.url)).run(undefined))
    const before = await withStack(join(folder, 'one'), async stack => {
      await timed('Filling a shop', () => fill(stack, data))
      const answers = await timed('Asking', () => ask(stack, users))
      await timed('Copying it', () => command('backup', ['--out', backup], stack))
      return answers
    })
    const lost = await withStack(join(folder, 'two'), async stack => {
      const answers = await timed('Asking where all is lost', () => ask(stack, users, before.ids))
      // As an operator would: nothing of the app runs meanwhile.
      await stack.host.drain()
      await timed('Bringing it back', () => command('restore', ['--from', backup], stack))
      return answers
    })
    const after = await withStack(join(folder, 'two'), stack => ask(stack, users, before.ids))
    console.log(`Answers of ${before.ids.length} people before: ${before.sha256}`)
    console.log(`                     lost:   ${lost.sha256}`)
    console.log(`                     after:  ${after.sha256}`)
    const isSame = before.sha256 === after.sha256 && before.sha256 !== lost.sha256
    const other = before.lists.findIndex((list, index) => JSON.stringify(list) !== JSON.stringify(after.lists[index]))
    if (other >= 0) {
      console.log(`First of ${before.ids[other]}:\n${JSON.stringify(before.lists[other])}`)
      console.log(JSON.stringify(after.lists[other]))
    }
    console.log(isSame ? 'The same answers.' : 'Not the same answers.')
    return isSame ? 0 : 1
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Nothing starts by the clock while answers are compared, and no list does without what is late on a busy machine. */
const settings = { SWEEP_SCHEDULE: '0 0 0 1 1 *', LIST_WAIT_MS: '10000' }

async function withStack<T>(stateDir: string, work: (stack: LocalStack) => Promise<T>): Promise<T> {
  const stack = await startLocalStack({ stateDir, port: 0, settings })
  try {
    return await work(stack)
  } finally {
    await stack.stop()
  }
}

async function fill(stack: LocalStack, dataDir: string): Promise<void> {
  const task = startTask(new URL('./sample/load-shop-task.ts', import.meta.url))
  const blobConnectionString = stack.settings.AzureWebJobsStorage ?? ''
  await task.run({ api: { url: stack.url, token: stack.token }, blobConnectionString, dataDir })
  await runJob(stack, 'lake')
  await runJob(stack, 'refresh')
}

interface Answers {
  ids: readonly string[]
  lists: readonly unknown[]
  sha256: string
}

const passesMax = 20

/** What people are answered once answers rest: an instance that has just begun still loads its model. */
async function ask(api: Api, users: number, known?: readonly string[]): Promise<Answers> {
  const ids = known ?? Users.parse(await getJson(api, `/api/users?limit=${users}`)).items.map(({ user_id: id }) => id)
  let before = await listsOf(api, ids)
  for (let pass = 1; pass < passesMax; pass++) {
    await new Promise(resolve => setTimeout(resolve, 500))
    const lists = await listsOf(api, ids)
    const sha256 = hashOf(lists)
    if (sha256 === hashOf(before)) return { ids, lists, sha256 }
    before = lists
  }
  throw new Error(`The answers of ${ids.length} people still change after ${passesMax} times`)
}

const hashOf = (lists: readonly unknown[]) => hash('sha256', JSON.stringify(lists))

/** All items with their reasons, in order; where nothing is known the refusal is the answer. */
async function listsOf(api: Api, ids: readonly string[]): Promise<unknown[]> {
  const lists: unknown[] = []
  for (const id of ids) {
    const answer = await getJson(api, `/api/recommendations/${encodeURIComponent(id)}?limit=10`).catch(String)
    lists.push(typeof answer === 'string' ? answer : List.parse(answer).items)
  }
  return lists
}

/** Runs a command as an operator does, with the settings of the stack. */
async function command(name: 'backup' | 'restore', args: readonly string[], { settings }: LocalStack): Promise<void> {
  const child = spawn(process.execPath, [join(projectRoot, `commands/${name}.ts`), ...args], {
    env: { ...process.env, ...settings },
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  const code = await new Promise<number | null>(resolve => child.once('exit', resolve))
  if (code !== 0) throw new Error(`npm run ${name} ended with exit code ${code}`)
}

async function timed<T>(title: string, work: () => Promise<T>): Promise<T> {
  const started = performance.now()
  const result = await work()
  console.log(`${title}: ${((performance.now() - started) / 1000).toFixed(1)} s`)
  return result
}

const { values } = parseArgs({
  options: {
    data: { type: 'string', default: join(projectRoot, 'data') },
    users: { type: 'string', default: '50' },
    help: { type: 'boolean', default: false },
  },
})
if (values.help) console.log(help)
else process.exitCode = await drill(values.data, Number(values.users))
