import { describe, expect, test } from 'vitest'
import { type Fault, faultyPorts, WorkerStruck } from '../../tests/faulty-ports.ts'
import {
  completedChunks,
  everyChunkInRounds,
  stocktakingInRounds as jobs,
  runOf,
  startStocktaking,
  told,
} from '../../tests/stocktaking.ts'
import { memoryPorts } from '../adapters/memory/ports.ts'
import type { Ports } from '../ports.ts'
import { RunMessage } from '../schemas/run.ts'
import { sweep } from './sweep.ts'
import { work } from './work.ts'

const silentAfterMs = 120_000

/** What becomes of the message that the struck worker held. */
type Held = 'lost' | 'redelivered'

describe('a run whose worker is struck at any one operation', () => {
  const ways = (['dead', 'alive'] as const).flatMap(worker =>
    (['effect', 'answer'] as const).flatMap(loses =>
      (['lost', 'redelivered'] as const).map(held => ({ worker, loses, held })),
    ),
  )
  test.each(ways)(
    'completes once after a sweep: worker $worker, $loses lost, message $held',
    async ({ held, ...way }) => {
      const operations = await operationsOfARun()
      expect(operations).toBeGreaterThan(50)
      for (let at = 1; at <= operations; at++) {
        const outcome = await outcomeWith({ at, ...way }, held)
        expect(outcome, `struck at operation ${at}`).toEqual({
          status: 'completed',
          chunks: everyChunkInRounds,
          pieces: [60, 0, 0, 0],
          added: 5,
          told: [60, 60],
        })
      }
    },
  )
})

async function operationsOfARun(): Promise<number> {
  const ports = memoryPorts()
  const counted = faultyPorts(ports, { at: Number.POSITIVE_INFINITY, loses: 'effect', worker: 'dead' })
  await startStocktaking(counted.ports, jobs)
  await workOff(ports.sent, counted.ports, 'lost')
  return counted.operations()
}

async function outcomeWith(fault: Fault, held: Held): Promise<unknown> {
  const ports = memoryPorts()
  const mortal = faultyPorts(ports, fault)
  await untilStruck(async () => {
    await startStocktaking(mortal.ports, jobs)
    await workOff(ports.sent, mortal.ports, held)
  })
  for (let minute = 0; minute < 20; minute += 1) {
    const { run } = await startStocktaking(ports, jobs)
    if (run.status !== 'running') break
    ports.advance(silentAfterMs + 1_000)
    await sweep({ silentAfterMs }, ports)
    await workOff(ports.sent, ports, 'lost')
  }
  const { run } = await startStocktaking(ports, jobs)
  const { status, stages } = await runOf(run.run_id, ports)
  return {
    status,
    chunks: await completedChunks(run.run_id, ports),
    pieces: stages.map(({ metrics = {} }) => metrics.pieces ?? 0),
    added: stages[2]?.metrics?.added,
    told: await told(ports),
  }
}

async function workOff(sent: { message: unknown }[], ports: Ports, held: Held): Promise<void> {
  for (let next = sent.shift(); next; next = sent.shift()) {
    try {
      // A chunk of several goes by the queue, the rest in the same invocation: both ways are walked.
      await work(RunMessage.parse(next.message), { jobs, ports })
    } catch (cause) {
      if (held === 'redelivered') sent.push(next)
      throw cause
    }
  }
}

async function untilStruck(deed: () => Promise<void>): Promise<void> {
  try {
    await deed()
  } catch (cause) {
    if (!(cause instanceof WorkerStruck)) throw cause
  }
}
