import fc from 'fast-check'
import { apiOver } from '../api-by-hand.ts'
import type { DurabilityCount } from '../durability-run.ts'
import { exampleShop } from './example-shop.ts'
import { brokenAnswer, requestsOf } from './fuzzed-operations.ts'
import { servedDocument } from './served-document.ts'

/** Shops are put up anew after so many requests, as what chance posts makes them slower. */
const requestsPerShop = 500

/**
 * Asks every operation of the served document what chance makes of its description, and gives back what was not answered as it
 * says, a sentence each; none of them twice.
 */
export async function fuzzed({
  requests,
  seed,
}: {
  requests: number
  seed: number
}): Promise<{ asked: number; broken: string[] }> {
  const document = await servedDocument(apiOver(await exampleShop()))
  const { schemas } = document.components
  const operations = Object.values(document.paths)
    .flatMap(Object.values)
    .filter(({ deprecated }) => !deprecated)
  const broken = new Map<string, string>()
  let asked = 0
  for (const operation of operations) {
    let { call } = apiOver(await exampleShop())
    for (const sent of fc.sample(requestsOf(operation, schemas), { numRuns: requests, seed })) {
      if (asked % requestsPerShop === requestsPerShop - 1) call = apiOver(await exampleShop()).call
      asked += 1
      const answer = await call(operation.operationId, sent)
      for (const finding of brokenAnswer(answer, operation, schemas)) {
        const key = `${operation.operationId}: ${finding.replaceAll(/"[^"]*"|\d+/g, '…')}`
        if (!broken.has(key))
          broken.set(key, `${operation.operationId} ${JSON.stringify(sent)?.slice(0, 500)}: ${finding}`)
      }
    }
  }
  return { asked, broken: [...broken.values()] }
}

/** 50 requests an operation and round, of another seed each: acknowledged are requests, lost what was not answered as documented. */
export async function fuzzDurability({
  rounds,
  onRound,
}: {
  rounds: number
  onRound?: (count: DurabilityCount) => void
}): Promise<DurabilityCount> {
  const count: DurabilityCount = { rounds: 0, acknowledged: 0, lost: 0, gaps: 0 }
  for (let seed = 1; seed <= rounds; seed++) {
    const { asked, broken } = await fuzzed({ requests: 50, seed })
    for (const sentence of broken) console.error(sentence)
    count.acknowledged += asked
    count.lost += broken.length
    count.rounds += 1
    onRound?.({ ...count })
  }
  return count
}
