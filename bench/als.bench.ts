import { alsCurves } from './als-curves.ts'
import { alsSets, plainAls } from './als-sets.ts'
import { comparedTwin } from './als-twin.ts'
import { comparedFit } from './compared-fit.ts'
import { openImplicit } from './peers/implicit.ts'
import type { Bench, BenchResult } from './report.ts'

/**
 * A half-step beside its straight twin, then whole fits beside implicit, on real data where it is there and on generated
 * shops; or how both grow with the size.
 */
export const alsBench: Bench = async (step, options) => {
  const implicit = await openImplicit(step)
  const contestants = { implicit, step }
  const parameters = plainAls(options)
  try {
    if (options.curves) return await alsCurves(parameters, contestants)
    const results: BenchResult[] = [await comparedTwin(parameters, step)]
    for (const set of [alsSets.amazonCds(step), alsSets.gowallaSized()]) {
      if (set === undefined) continue
      results.push(await comparedFit(set, { factors: 64, parameters, runs: 5, cholesky: true }, contestants))
      results.push(await comparedFit(set, { factors: 128, parameters, runs: 5, cholesky: false }, contestants))
    }
    results.push(
      await comparedFit(alsSets.middle(), { factors: 64, parameters, runs: 5, cholesky: false }, contestants),
    )
    if (options.large)
      results.push(
        await comparedFit(alsSets.large(), { factors: 64, parameters, runs: 3, cholesky: false }, contestants),
      )
    return results
  } finally {
    await implicit?.close()
  }
}
