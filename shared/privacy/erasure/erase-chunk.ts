import { z } from 'zod'
import { pseudonymOf } from '../../lake/build/pseudonym.ts'
import { holdsLeases } from '../../runs/lease.ts'
import { RunFailure, type StageContext } from '../../runs/stage.ts'
import { collections } from '../../schemas/collections.ts'
import type { Erasure } from '../../schemas/erasure.ts'
import type { JobKind } from '../../schemas/run.ts'
import type { Erased, ErasedPerson, EraseStep, ErasureOptions } from './erase-step.ts'
import { readErasure } from './open-erasures.ts'

/** What could write while people are erased what it read before. */
export const otherJobs: readonly JobKind[] = ['lake', 'refresh', 'tune', 'export']

/** Of every stage after the first: one person. */
export const PersonChunk = z.object({ erasure: z.string() })
export type PersonChunk = z.infer<typeof PersonChunk>

/** Those whom this run erases. */
export async function planPeople({ runId, ports }: StageContext): Promise<PersonChunk[]> {
  const people: PersonChunk[] = []
  const conditions = { partition: 'erasure', equal: { run_id: runId } } as const
  for await (const page of ports.documents.query(collections.erasures, conditions)) {
    for (const { id, status } of page) if (status === 'running') people.push({ erasure: id })
  }
  return people.sort((a, b) => (a.erasure < b.erasure ? -1 : 1))
}

/** The request of a chunk; undefined when it is completed already. */
export async function erasureOf({ erasure }: PersonChunk, { ports }: StageContext): Promise<Erasure | undefined> {
  const found = await readErasure(erasure, ports.documents)
  return found?.status === 'completed' ? undefined : found
}

/**
 * Does one step for one person, where no other job is at work.
 * @throws RunFailure when another job began meanwhile; Error without any id of the person
 */
export async function eraseFrom(
  step: EraseStep,
  { user_ids: ids = [] }: Pick<Erasure, 'user_ids'>,
  { options, context }: { options: ErasureOptions; context: StageContext },
): Promise<Erased> {
  const { runId, ports } = context
  if (!(await holdsLeases(runId, otherJobs, ports))) {
    throw new RunFailure('Another job began while people were erased: the erasure is begun again')
  }
  const [userId = ''] = ids
  const pseudonyms = ids.map(id => pseudonymOf(id, options.lake.pseudonymKey))
  const person: ErasedPerson = { userId, ids, pseudonyms }
  try {
    return await step.erase(person, { ports, options, runId, progress: fraction => context.progress(fraction) })
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause)
    // What is thrown is kept with the run, longer than the ids may be.
    throw new Error(`Cannot erase from ${step.store}: ${withoutIds(message, [...ids, ...pseudonyms])}`)
  }
}

const withoutIds = (text: string, ids: readonly string[]) =>
  ids.reduce((left, id) => (id === '' ? left : left.replaceAll(id, '***')), text)
