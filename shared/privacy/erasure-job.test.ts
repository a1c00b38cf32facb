import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { type MemoryPorts, memoryPorts } from '../adapters/memory/ports.ts'
import { pseudonymOf } from '../lake/build/pseudonym.ts'
import { findRun } from '../runs/ledger.ts'
import type { Jobs, Stage } from '../runs/stage.ts'
import { startRun } from '../runs/start-run.ts'
import { sweep } from '../runs/sweep.ts'
import { work } from '../runs/work.ts'
import { type Collection, collections } from '../schemas/collections.ts'
import { ErasureCertificate } from '../schemas/erasure.ts'
import { RunMessage } from '../schemas/run.ts'
import { certificatePath } from './erasure/certificate-stage.ts'
import type { EraseStep } from './erasure/erase-step.ts'
import { readErasure } from './erasure/open-erasures.ts'
import { requestErasure } from './erasure/request-erasure.ts'
import { startErasures } from './erasure/start-erasures.ts'
import { erasureJob } from './erasure-job.ts'

const pseudonymKey = 'a key for tests only'
const options = { lake: { pseudonymKey, dataQualityFloor: 0, retentionDays: 30 }, settleMs: 0, eventHubHours: 24 }
const asked = { requestedBy: 'the shop', pseudonymKey }

/** A store of names, of which only what a person has is taken out. */
const drawer = (names: string[], fails = { times: 0 }) => {
  const step: EraseStep = {
    store: 'drawer',
    about: 'slips of paper',
    erase: async person => {
      const found = names.filter(name => person.ids.includes(name)).length
      for (let at = names.length - 1; at >= 0; at--) if (person.ids.includes(names[at] ?? '')) names.splice(at, 1)
      if (fails.times-- > 0) throw new Error(`The drawer of ${person.userId} jams`)
      return { found, removed: found, note: 'by hand', leftUntil: '2026-01-02T00:00:00.000Z' }
    },
  }
  return { step, names }
}

/** Works off the queue; what a failed worker leaves behind is given out again, as by the sweeper. */
async function workOff(ports: MemoryPorts, jobs: Jobs): Promise<void> {
  for (let sweeps = 0; sweeps < 10; sweeps++) {
    for (let sent = ports.sent.shift(); sent; sent = ports.sent.shift()) {
      await work(RunMessage.parse(sent.message), { jobs, ports }).catch(() => undefined)
    }
    ports.advance(61_000)
    await sweep({ silentAfterMs: 60_000 }, ports)
  }
}

async function erased(ports: MemoryPorts, step: EraseStep, userId = 'anna') {
  const { id } = await requestErasure({ userId, ...asked }, ports)
  const jobs: Jobs = { erasure: erasureJob(options, [step]) }
  const run = await startErasures('test', { jobs, ports })
  await workOff(ports, jobs)
  const bytes = await ports.blobs.read(certificatePath(id))
  const certificate = bytes && ErasureCertificate.parse(JSON.parse(Buffer.from(bytes).toString()))
  const ended = run && (await findRun(run.run_id, ports.documents))?.document
  return { id, run: ended, certificate, erasure: await readErasure(id, ports.documents) }
}

describe('an erasure', () => {
  test('takes a person out of every store, looks again and certifies it', async () => {
    const ports = memoryPorts()
    const { step, names } = drawer(['anna', 'ben', 'anna'])
    const { run, id, certificate } = await erased(ports, step)
    expect(run?.status).toBe('completed')
    expect(names).toEqual(['ben'])
    expect(certificate).toMatchObject({
      ...{ erasure: id, pseudonym: pseudonymOf('anna', pseudonymKey), requested_by: 'the shop', ids: 1 },
      job: run?.run_id,
      stores: [
        {
          ...{ store: 'drawer', about: 'slips of paper', found: 2, removed: 2, found_again: 0, note: 'by hand' },
          left_until: '2026-01-02T00:00:00.000Z',
        },
      ],
    })
    expect(certificate?.stores[0]).not.toHaveProperty('interrupted')
    expect(ports.told.valueOf('erasures_total', { status: 'completed' })).toBe(1)
    expect(ports.logged).toContainEqual(expect.objectContaining({ event: 'erasure_completed', erasure: id }))
  })

  test('is certified with a hash of the certificate itself', async () => {
    const ports = memoryPorts()
    const { certificate, erasure } = await erased(ports, drawer([]).step)
    const { sha256 = '', ...rest } = certificate ?? {}
    expect(sha256).toBe(ports.sha256(JSON.stringify(rest)))
    expect(erasure?.certificate_sha256).toBe(sha256)
  })

  test('goes on after a crash, and its certificate says that counts may miss what was gone by then', async () => {
    const { step } = drawer(['anna'], { times: 1 })
    const { run, certificate } = await erased(memoryPorts(), step)
    expect(run?.status).toBe('completed')
    expect(certificate?.stores).toMatchObject([{ found: 0, interrupted: true }])
  })

  test('forgets whom it erased: nothing that is left of it has the id, also where a store failed with it', async () => {
    const ports = memoryPorts()
    const { run } = await erased(ports, drawer(['anna-canary'], { times: 2 }).step, 'anna-canary')
    expect(run?.status).toBe('completed')
    const left = [JSON.stringify(ports.logged)]
    const { erasures, tombstones, runs, chunkRecords } = collections
    const raw = [erasures, tombstones, runs, chunkRecords].map(each => ({ ...each, schema: z.unknown() }))
    for (const collection of raw as unknown as Collection<unknown>[]) {
      for await (const page of ports.documents.query(collection, {})) left.push(JSON.stringify(page))
    }
    for await (const { path } of ports.blobs.list('')) {
      left.push(path, Buffer.from((await ports.blobs.read(path)) ?? []).toString())
    }
    expect(left.length).toBeGreaterThan(10)
    expect(left.join('\n')).not.toContain('canary')
  })

  test('looks again until nothing is found: what came to rest behind it is erased too', async () => {
    const { step, names } = drawer(['anna'])
    const late: EraseStep = {
      ...step,
      erase: async (...of) => {
        const erased = await step.erase(...of)
        if (names.length === 0 && erased.found === 1) names.push('ben', 'anna')
        if (names.filter(name => name === 'ben').length > 2) names.splice(0)
        return erased
      },
    }
    const { certificate, run } = await erased(memoryPorts(), late)
    expect(run?.status).toBe('completed')
    expect(names).not.toContain('anna')
    expect(certificate?.stores).toMatchObject([{ found: 1, found_again: 0 }])
  })

  test('is not certified while a store still holds the person', async () => {
    const ports = memoryPorts()
    const step: EraseStep = { store: 'rock', about: 'carved', erase: async () => ({ found: 1, removed: 0 }) }
    const { run, certificate, erasure } = await erased(ports, step)
    expect(run).toMatchObject({ status: 'failed', error: expect.stringContaining('Cannot verify rock') })
    expect(certificate).toBeUndefined()
    expect(erasure?.status).toBe('running')
    const jobs: Jobs = { erasure: erasureJob(options, [drawer([]).step]) }
    expect(await startErasures('test', { jobs, ports })).toBeUndefined()
    ports.advance(16 * 60_000)
    expect(await startErasures('test', { jobs, ports })).toBeDefined()
    await workOff(ports, jobs)
    expect((await readErasure(erasure?.id ?? '', ports.documents))?.status).toBe('completed')
  })

  test('waits while another job is at work, and lets none begin while it works', async () => {
    const ports = memoryPorts()
    const stages: Stage[] = [{ name: 'sleep', weight: 1, plan: async () => [{}], run: async () => ({}) }]
    const others: Jobs = { lake: { kind: 'lake', stages }, refresh: { kind: 'refresh', stages } }
    await startRun('lake', { trigger: 'test', jobs: others }, ports)
    const waiting = await erased(ports, { ...drawer(['anna']).step })
    expect(waiting).toMatchObject({ run: undefined, erasure: { status: 'waiting' } })
    await workOff(ports, others)
    const began: unknown[] = []
    const { step } = drawer(['anna'])
    const watched: EraseStep = {
      ...step,
      erase: async (...of) => {
        began.push(await startRun('refresh', { trigger: 'test', jobs: others }, ports).catch(error => error.code))
        return step.erase(...of)
      },
    }
    const { run, id } = await erased(ports, watched)
    expect(id).toBe(waiting.id)
    expect(run?.status).toBe('completed')
    expect(began).toEqual(['job_running', 'job_running'])
    expect((await startRun('refresh', { trigger: 'test', jobs: others }, ports)).started).toBe(true)
  })

  test('of several people at once is one run, a certificate each', async () => {
    const ports = memoryPorts()
    const { id } = await requestErasure({ userId: 'ben', ...asked }, ports)
    const { step, names } = drawer(['anna', 'ben', 'cleo'])
    const { certificate } = await erased(ports, step)
    expect(names).toEqual(['cleo'])
    expect(certificate?.stores).toMatchObject([{ found: 1 }])
    expect(await ports.blobs.read(certificatePath(id))).toBeDefined()
  })

  test('asked twice before it is done is one erasure; asked again afterwards, another that finds nothing', async () => {
    const ports = memoryPorts()
    const { id } = await requestErasure({ userId: 'anna', ...asked }, ports)
    const { step } = drawer(['anna'])
    const first = await erased(ports, step)
    expect(first.id).toBe(id)
    const second = await erased(ports, step)
    expect(second.id).not.toBe(id)
    expect(second.certificate?.stores).toMatchObject([{ found: 0, found_again: 0 }])
  })
})
