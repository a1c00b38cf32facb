import { expect, test } from 'vitest'
import { faultyPorts, WorkerStruck } from '../../tests/faulty-ports.ts'
import { checkerboardShop, jobsWith, runJob, smallTraining } from '../../tests/memory-shop.ts'
import type { MemoryPorts } from '../adapters/memory/ports.ts'
import type { Ports } from '../ports.ts'
import { findRun } from '../runs/ledger.ts'
import { startRun } from '../runs/start-run.ts'
import { sweep } from '../runs/sweep.ts'
import { readTrials } from '../runs/trials.ts'
import { work } from '../runs/work.ts'
import { collections } from '../schemas/collections.ts'
import { RunMessage } from '../schemas/run.ts'
import { TuningParameters } from '../schemas/tuning.ts'
import { layInTuned } from './tuning/lay-in-tuned.ts'

const silentAfterMs = 120_000
const training = {
  ...smallTraining,
  withTuned: layInTuned,
  fixed: TuningParameters.keyof().options.filter(name => name !== 'alsAlpha'),
}
const jobs = jobsWith(training)

test('a tune job whose worker dies at any one operation keeps the same parameters after the same trials', {
  timeout: 120_000,
}, async () => {
  const shop = await checkerboardShop()
  await runJob('lake', shop)
  const undisturbed = shop.copy()
  const counted = faultyPorts(undisturbed, { at: Number.POSITIVE_INFINITY, loses: 'effect', worker: 'dead' })
  await tune(undisturbed, counted.ports)
  const expected = await left(undisturbed)
  expect(expected.trials.length).toBeGreaterThan(2)
  for (let at = 1; at <= counted.operations(); at++) {
    const ports = shop.copy()
    await struckAt(at, ports)
    expect(await left(ports), `struck at operation ${at}`).toEqual(expected)
  }
})

async function struckAt(at: number, ports: MemoryPorts): Promise<void> {
  try {
    await tune(ports, faultyPorts(ports, { at, loses: 'answer', worker: 'dead' }).ports)
  } catch (cause) {
    if (!(cause instanceof WorkerStruck)) throw cause
    for (let minute = 0; minute < 3; minute++) {
      await tune(ports, ports)
      ports.advance(silentAfterMs + 1_000)
      await sweep({ silentAfterMs }, ports)
    }
  }
}

const start = (ports: Ports) => startRun('tune', { trigger: 'test', idempotencyKey: 'the one', jobs }, ports)

async function tune({ sent }: MemoryPorts, ports: Ports): Promise<void> {
  await start(ports)
  for (let next = sent.shift(); next; next = sent.shift()) await work(RunMessage.parse(next.message), { jobs, ports })
}

/** The trials with their figures and what was kept of them, without moments in time. */
async function left(ports: Ports) {
  const { run } = await start(ports)
  const ended = await findRun(run.run_id, ports.documents)
  const records = await readTrials(run.run_id, ports.documents)
  const kept = await ports.documents.read(collections.tunedTraining, { id: 'training', partition: 'training' })
  const { parameters, metrics, trials } = kept?.document ?? {}
  return {
    status: ended?.document.status,
    kept: { parameters, metrics, trials },
    trials: records.map(({ id, status, trial }) => ({ id, status, ...trial, seconds: undefined })),
  }
}
