import { setTimeout as passed } from 'node:timers/promises'
import { z } from 'zod'
import { takeLease } from '../../runs/lease.ts'
import { RunFailure, type Stage, type StageContext, stage } from '../../runs/stage.ts'
import { collections } from '../../schemas/collections.ts'
import { AppError } from '../../schemas/errors.ts'
import { otherJobs } from './erase-chunk.ts'
import type { ErasureOptions } from './erase-step.ts'
import { openErasures, readErasure } from './open-erasures.ts'

/** Stops all other jobs, and waits until every instance knows the tombstones of those who are to be erased. */
export function beginStage({ settleMs }: Pick<ErasureOptions, 'settleMs'>): Stage {
  return stage({
    name: 'begin',
    weight: 1,
    parse: raw => z.array(z.string()).parse(raw),
    plan: async ({ ports }) => {
      const open = await openErasures(ports.documents)
      return open.length === 0 ? [] : [open.map(({ id }) => id)]
    },
    run: async (erasures, context) => {
      await standAlone(context)
      await passed(settleMs)
      for (const id of erasures) await begin(id, context)
      return { people: erasures.length }
    },
  })
}

/** @throws RunFailure while another job is at work: the erasure is begun again when it has ended */
async function standAlone({ runId, ports }: StageContext): Promise<void> {
  try {
    for (const kind of otherJobs) await takeLease(kind, runId, ports)
  } catch (cause) {
    if (!(cause instanceof AppError) || cause.code !== 'job_running') throw cause
    throw new RunFailure(`An erasure must not work beside other jobs: ${cause.message}`)
  }
}

async function begin(id: string, { runId, ports }: StageContext): Promise<void> {
  const { documents, clock } = ports
  const erasure = await readErasure(id, documents)
  if (!erasure || erasure.status === 'completed') return
  await documents.upsert(collections.erasures, {
    ...erasure,
    ...{ status: 'running', run_id: runId, tried_at: new Date(clock()).toISOString() },
  })
}
