import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'

const root = join(import.meta.dirname, '..')
const read = (file: string) => readFileSync(join(root, file), 'utf8')

const Step = z.object({
  uses: z.string().optional(),
  run: z.string().optional(),
  with: z.record(z.string(), z.unknown()).optional(),
  env: z.record(z.string(), z.string()).optional(),
})
const Permissions = z.record(z.string(), z.enum(['read', 'write', 'none']))
const Job = z.object({
  'runs-on': z.string(),
  'timeout-minutes': z.int().min(1).max(120),
  permissions: Permissions.optional(),
  environment: z.string().optional(),
  needs: z.string().optional(),
  strategy: z
    .object({ matrix: z.record(z.string(), z.array(z.string())) })
    .loose()
    .optional(),
  steps: z.array(Step).min(1),
})
const Workflow = z.object({
  name: z.string(),
  on: z.record(z.string(), z.unknown()),
  permissions: Permissions,
  concurrency: z.object({ group: z.string(), 'cancel-in-progress': z.boolean() }),
  jobs: z.record(z.string(), Job),
})
const { scripts } = z.object({ scripts: z.record(z.string(), z.string()) }).parse(JSON.parse(read('package.json')))

const files = globSync('.github/workflows/*.yml', { cwd: root }).sort()
const workflows = files.map(file => ({ file, text: read(file), ...Workflow.parse(parse(read(file))) }))
const jobs = workflows.flatMap(workflow =>
  Object.entries(workflow.jobs).map(([name, job]) => ({ ...job, workflow, name: `${workflow.name}/${name}` })),
)
const steps = jobs.flatMap(job => job.steps.map(step => ({ ...step, job })))
const runs = steps.flatMap(({ run, job }) => (run === undefined ? [] : [{ run, job }]))

/** Actions of others, by the versions that were read. */
const actions = [
  ...['actions/checkout@v5', 'actions/setup-node@v5', 'actions/upload-artifact@v4', 'actions/download-artifact@v5'],
  'azure/login@v2',
]

describe('the workflows', () => {
  test('are those for checks, templates, deployments, the night and what others wrote', () => {
    expect(workflows.map(({ name }) => name)).toEqual(['ci', 'deploy', 'infra', 'nightly', 'supply-chain'])
  })

  test('may read the code and nothing else, but for jobs that sign in to Azure without a secret', () => {
    expect(workflows.filter(({ permissions }) => JSON.stringify(permissions) !== '{"contents":"read"}')).toEqual([])
    const more = jobs.filter(({ permissions }) => permissions !== undefined)
    expect(more.map(({ name }) => name)).toEqual(['deploy/deploy', 'infra/what-if'])
    for (const { permissions, environment, steps } of more) {
      expect(permissions).toEqual({ contents: 'read', 'id-token': 'write' })
      expect(environment).toBeDefined()
      const login = steps.find(({ uses }) => uses?.startsWith('azure/login@'))
      expect(Object.keys(login?.with ?? {}).sort()).toEqual(['client-id', 'subscription-id', 'tenant-id'])
    }
  })

  test('use actions of others in versions that were read', () => {
    expect([...new Set(steps.flatMap(({ uses }) => uses ?? []))].sort()).toEqual([...actions].sort())
  })

  test('run scripts and files that are there', () => {
    const asked = runs.flatMap(({ run }) =>
      [...run.matchAll(/npm run (?:--silent )?([\w:-]+)/g)].map(([, name]) => name),
    )
    expect(asked.length).toBeGreaterThan(4)
    expect(asked.filter(name => scripts[name ?? ''] === undefined)).toEqual([])
    const named = runs.flatMap(({ run }) => run.match(/\binfra\/[\w./-]+/g) ?? [])
    expect(named).toContain('infra/deploy/release.sh')
    expect(named.filter(file => globSync(file, { cwd: root }).length === 0)).toEqual([])
  })

  test('of the night run durability commands and benches that there are', () => {
    const lists = { durability: read('tests/durability.ts'), bench: read('bench/run.ts') }
    for (const [name, text] of Object.entries(lists)) {
      const of = workflows.find(workflow => workflow.name === 'nightly')?.jobs[name]?.strategy?.matrix.of ?? []
      expect(of.length).toBeGreaterThan(5)
      expect(of.filter(each => !new RegExp(`^ {2}'?${each}'?: `, 'm').test(text))).toEqual([])
    }
  })

  test('put nothing that others write into a command, and show no secret', () => {
    // What a pull request or a person names would run as a command: it comes by the environment.
    const within = runs.flatMap(({ run }) => run.match(/\$\{\{[^}]*\}\}/g) ?? [])
    expect(within.filter(text => !/^\$\{\{ matrix\.\w+ \}\}$/.test(text))).toEqual([])
    const secrets = steps
      .flatMap(({ env }) => Object.entries(env ?? {}))
      .filter(([, value]) => value.includes('secrets.'))
    expect(secrets).toEqual([['SIDECART_TEAMS_WEBHOOK', expect.any(String)]])
    const elsewhere = workflows.flatMap(({ text }) => text.match(/secrets\.\w+/g) ?? [])
    expect(elsewhere).toHaveLength(secrets.length)
  })

  test('stop an older run of a pull request, and never a deployment', () => {
    const kept = workflows.filter(({ concurrency }) => !concurrency['cancel-in-progress']).map(({ name }) => name)
    expect(kept).toEqual(['deploy', 'nightly'])
  })

  test('check on the oldest Node that installs Sidecart, and deploy only what was checked', () => {
    const nodes = steps
      .filter(({ uses }) => uses?.startsWith('actions/setup-node'))
      .map(step => step.with?.['node-version'])
    const { engines } = z.object({ engines: z.object({ node: z.string() }) }).parse(JSON.parse(read('package.json')))
    expect([...new Set(nodes)]).toEqual([Number(engines.node.replace('>=', ''))])
    const [pack, deploy] = [
      jobs.find(({ name }) => name === 'deploy/package'),
      jobs.find(({ name }) => name === 'deploy/deploy'),
    ]
    expect(pack?.steps.map(({ run }) => run)).toContain('npm test')
    expect(deploy?.needs).toBe('package')
  })
})

test('the devcontainer has the Node that the app runs on, and the ports that npm start prints', () => {
  const container = JSON.parse(read('.devcontainer/devcontainer.json'))
  expect(container).toMatchObject({
    image: expect.stringContaining('typescript-node:24'),
    postCreateCommand: 'npm ci',
    forwardPorts: [7071, 7072],
  })
})
