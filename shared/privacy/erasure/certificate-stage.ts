import { type Stage, type StageContext, stage } from '../../runs/stage.ts'
import { collections } from '../../schemas/collections.ts'
import { type Erasure, ErasureCertificate } from '../../schemas/erasure.ts'
import { erasureOf, PersonChunk, planPeople } from './erase-chunk.ts'
import type { EraseStep } from './erase-step.ts'
import { readFound } from './found.ts'
import { verified } from './verify-stage.ts'

export const certificatePath = (erasure: string) => `privacy/certificates/${erasure}.json`

/** Certifies what was done for each person, and forgets who it was. */
export function certificateStage(steps: readonly EraseStep[]): Stage {
  return stage({
    name: 'certificate',
    weight: 1,
    parse: raw => PersonChunk.parse(raw),
    plan: planPeople,
    run: async (chunk, context: StageContext) => {
      const erasure = await erasureOf(chunk, context)
      if (!erasure) return {}
      const { blobs, documents, sha256, telemetry, log } = context.ports
      const told = await certificateOf(erasure, steps, context)
      const certificate: ErasureCertificate = { ...told, sha256: sha256(JSON.stringify(told)) }
      await blobs.write(certificatePath(erasure.id), Buffer.from(JSON.stringify(certificate)))
      const { user_ids: _, ...nameless } = erasure
      await documents.upsert(collections.erasures, {
        ...nameless,
        ...{ status: 'completed', completed_at: told.completed_at, certificate_sha256: certificate.sha256 },
      })
      telemetry.count('erasures_total', { status: 'completed' })
      log.info({ event: 'erasure_completed', stage: 'erasure', erasure: erasure.id, job: context.runId })
      return { certificates: 1 }
    },
  })
}

async function certificateOf(
  { id, pseudonym, requested_at, requested_by, user_ids = [] }: Erasure,
  steps: readonly EraseStep[],
  context: StageContext,
): Promise<Omit<ErasureCertificate, 'sha256'>> {
  const stores = steps.map(async ({ store, about }) => {
    const { at, ...first } = await readFound({ store, erasure: id }, context)
    const again = await readFound({ store: verified(store), erasure: id }, context)
    return { store, about, ...first, found_again: again.found, erased_at: at, verified_at: again.at }
  })
  // Parsed, as the order of its fields is what the hash is of.
  return ErasureCertificate.omit({ sha256: true }).parse({
    ...{ erasure: id, pseudonym, requested_at, requested_by },
    ...{ completed_at: new Date(context.ports.clock()).toISOString(), job: context.runId, ids: user_ids.length },
    stores: await Promise.all(stores),
  })
}
