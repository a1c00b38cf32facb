import { expect } from 'vitest'
import type { Ports } from '../shared/ports.ts'
import { keepDigests } from '../shared/publishing/digest-files.ts'
import { flipLivePointer } from '../shared/publishing/live-pointer.ts'
import { publishStage } from '../shared/publishing/publish-stage.ts'
import { valueAt } from '../shared/publishing/slots.ts'
import type { StageContext } from '../shared/runs/stage.ts'
import { collections } from '../shared/schemas/collections.ts'
import { ItemId } from '../shared/schemas/ids.ts'
import type { RuleTail } from '../shared/schemas/published.ts'
import type { Metrics } from '../shared/schemas/run.ts'
import { writeList } from '../shared/training/lists.ts'

export type Rules = Record<string, RuleTail[]>

/** A rule that leads to an item. */
export const rule = (item: string): RuleTail => [[ItemId.parse('any')], ItemId.parse(item), 0.1, 0.5, 2]

/** What the run of a generation gives its stages. */
function contextOf(token: number, ports: Ports, laterMs = 0): StageContext {
  return {
    runId: `refresh-${token}`,
    token,
    createdAt: new Date(Date.UTC(2026, 0, 1) + laterMs).toISOString(),
    ports,
    progress: async () => undefined,
    note: () => undefined,
  }
}

/** Writes rules by antecedent as a generation, which is not live then. */
export async function publishRules(token: number, rules: Rules, ports: Ports, laterMs = 0): Promise<Metrics> {
  const context = contextOf(token, ports, laterMs)
  await writeList(context, 'itemRules', 0, Object.entries(rules))
  // An instance started anew, which remembers no digest.
  const stage = publishStage({ publishing: { verifyDays: 7, dollarsPerMillionRequestUnits: 0.28 } })
  const [chunk] = await stage.plan(context)
  return stage.run(chunk, context)
}

export const flipTo = (generation: number, { documents }: Pick<Ports, 'documents'>): Promise<boolean> =>
  flipLivePointer(
    { generation, model_version: `v${generation}`, generated_at: '2026-01-01T00:00:00.000Z', data_until: 0 },
    documents,
  )

/** Writes rules and makes them live, as a run does. */
export async function publishAndFlip(token: number, rules: Rules, ports: Ports, laterMs = 0): Promise<Metrics> {
  const metrics = await publishRules(token, rules, ports, laterMs)
  await keepDigests(contextOf(token, ports, laterMs))
  expect(await flipTo(token, ports)).toBe(true)
  return metrics
}

/** What readers of a generation see of an item. */
export async function rulesAt(generation: number, id: string, { documents }: Ports): Promise<RuleTail[] | undefined> {
  const stored = await documents.read(collections.itemRules, { id, partition: id })
  return stored && valueAt(stored.document, generation)
}
