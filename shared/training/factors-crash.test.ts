import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { type Fault, faultyPorts, WorkerStruck } from '../../tests/faulty-ports.ts'
import { jobsOf } from '../../tests/stocktaking.ts'
import { datasetStage, randomMatrix } from '../../tests/training-dataset.ts'
import { type MemoryPorts, memoryPorts } from '../adapters/memory/ports.ts'
import type { Ports } from '../ports.ts'
import { completions, findRun } from '../runs/ledger.ts'
import { startRun } from '../runs/start-run.ts'
import { sweep } from '../runs/sweep.ts'
import { work } from '../runs/work.ts'
import { RunMessage } from '../schemas/run.ts'
import { factorsStage } from './factors-stage.ts'
import { halfStepWork } from './half-step-plan.ts'
import { assumedSpeed } from './kernel-speed.ts'

const silentAfterMs = 120_000
const als = {
  ...{ factors: 4, iterations: 2, alpha: 3, conjugateGradientSteps: 2 },
  ...{ regularization: 0.5, regularizationExponent: 0 },
}
// Two blocks of a Gramian either way, so that every half-iteration is a round of two chunks.
const userItems = randomMatrix({ rows: 270, columns: 260, entries: 900, seed: 1 })
const fit = { users: 270, items: 260, entries: userItems.indices.length, halves: 4, ...als }
const instance = { memoryMb: 2_048, chunkSeconds: (0.6 * halfStepWork(0, fit)) / assumedSpeed(1), threads: 1 }
const jobs = jobsOf([datasetStage(userItems), factorsStage({ als, seed: 5, instance })])

test.each(['effect', 'answer'] as const)(
  'factors in several rounds of several chunks, its worker killed at any one operation, leaves the same bytes: the %s lost',
  { timeout: 60_000 },
  async loses => {
    const undisturbed = memoryPorts()
    const counted = faultyPorts(undisturbed, { at: Number.POSITIVE_INFINITY, loses, worker: 'dead' })
    await workOff(undisturbed, counted.ports)
    const expected = await everythingLeft(undisturbed)
    expect(expected).toMatchObject({ status: 'completed', factors: 8 })
    expect(counted.operations()).toBeGreaterThan(200)
    // What the one passes over the other strikes.
    for (let at = loses === 'effect' ? 1 : 2; at <= counted.operations(); at += 2) {
      expect(await leftAfter({ at, loses, worker: 'dead' }), `killed at operation ${at}`).toEqual(expected)
    }
  },
)

async function leftAfter(fault: Fault): Promise<unknown> {
  const ports = memoryPorts()
  try {
    await workOff(ports, faultyPorts(ports, fault).ports)
  } catch (cause) {
    if (!(cause instanceof WorkerStruck)) throw cause
    for (let minute = 0; minute < 3; minute++) {
      await workOff(ports, ports)
      ports.advance(silentAfterMs + 1_000)
      await sweep({ silentAfterMs }, ports)
    }
  }
  return everythingLeft(ports)
}

const started = (ports: Ports) => startRun('refresh', { trigger: 'test', idempotencyKey: 'the one', jobs }, ports)

async function workOff({ sent }: MemoryPorts, ports: Ports): Promise<void> {
  await started(ports)
  for (let next = sent.shift(); next; next = sent.shift()) await work(RunMessage.parse(next.message), { jobs, ports })
}

/** The hash of every blob but the log, and that each chunk of the rounds was completed once. */
async function everythingLeft(ports: Ports): Promise<unknown> {
  const { run } = await started(ports)
  const stored = await findRun(run.run_id, ports.documents)
  const factors = await completions({ run_id: run.run_id, stage: 'factors' }, ports.documents)
  const blobs: string[] = []
  for (const prefix of ['models/', `runs/${run.run_id}/`]) {
    for await (const { path } of ports.blobs.list(prefix)) {
      const hash = createHash('sha256').update((await ports.blobs.read(path)) ?? '')
      blobs.push(`${path} ${hash.digest('hex')}`)
    }
  }
  return { status: stored?.document.status, factors: factors.length, blobs }
}
