import type { Ports } from '../ports.ts'
import type { JobKind, Metrics, RunScope } from '../schemas/run.ts'

/** What a stage is given: who it runs for, the ports, and where to say how it goes. */
export interface StageContext {
  readonly runId: string
  /** Fencing token of the run; a refresh publishes under it as its generation. */
  readonly token: number
  readonly createdAt: string
  /** Whoever started the run asked for a full fit. */
  readonly refit?: boolean | undefined
  /** How far a run of the lake goes; without it, through all tables. */
  readonly scope?: RunScope | undefined
  readonly ports: Ports
  /**
   * Tells the share of the chunk that is done, 0 to 1; cheap to call often. While planning: the share of the stage that
   * is done once the planned round is, for stages of several rounds.
   */
  progress(fraction: number): Promise<void>
  /** Adds a line to the run's own log, for people. */
  note(record: Record<string, unknown>): void
}

/** One step of a job. A chunk run twice leaves the same output, so that any crash is mended by running it again. */
export interface Stage<Chunk = unknown> {
  readonly name: string
  /** Share of a typical run's time, for the percentage until a run has been measured. */
  readonly weight: number
  /** Cuts the work into chunks of JSON, each of 30 to 120 s at most; an empty plan skips the stage. */
  plan(context: StageContext): Promise<Chunk[]>
  /**
   * Plans a further round once every chunk of the round before is complete. An empty plan ends the stage, and so does a
   * round whose plan told that all is done after it: `progress(1)`. Without planNext, a stage has the one round that
   * `plan` made. Like `plan` it may be called more than once: the first answer stays.
   */
  planNext?(context: StageContext, before: RoundBefore<Chunk>): Promise<Chunk[]>
  run(chunk: Chunk, context: StageContext): Promise<Metrics>
}

/** The round that was completed last: its number, from 0, its chunks and what each of them reported. */
export interface RoundBefore<Chunk> {
  round: number
  chunks: readonly Chunk[]
  metrics: readonly Metrics[]
}

export interface Job {
  readonly kind: JobKind
  readonly stages: readonly Stage[]
}

/** The jobs that a process can run. */
export type Jobs = Readonly<Partial<Record<JobKind, Job>>>

/** Ties a stage's chunk type together: what `plan` makes is what `run` is given, after a trip through JSON. */
export function stage<Chunk>(definition: Stage<Chunk> & { parse(raw: unknown): Chunk }): Stage {
  const { name, weight, plan, planNext, run, parse } = definition
  const later: Pick<Stage, 'planNext'> =
    planNext === undefined
      ? {}
      : { planNext: (context, before) => planNext(context, { ...before, chunks: before.chunks.map(parse) }) }
  return { name, weight, plan, ...later, run: (chunk, context) => run(parse(chunk), context) }
}

/** A run that cannot succeed by trying again: it fails at once with this sentence. */
export class RunFailure extends Error {
  override readonly name = 'RunFailure'
}
