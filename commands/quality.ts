import { readFile, writeFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type EvaluationData, evaluationData } from '../shared/models/evaluation-data.ts'
import { holdOut } from '../shared/models/hold-out.ts'
import { judgeSources, newPairs, sourcesOf, sourceWeights } from '../shared/models/hybrid/judge-sources.ts'
import type { Algorithm } from '../shared/models/recommender.ts'
import { tune } from '../shared/models/tuning/tune.ts'
import { fixedParameters, tunedOptions, tuningParameters } from '../shared/models/tuning/tuned-options.ts'
import { parseTrainingSettings } from '../shared/schemas/settings.ts'
import { type TrainingOptions, trainingOptions } from '../shared/training/options.ts'
import { setReport } from './quality/report.ts'
import { isPresent, type SetDescription, sets, setsWithoutItems } from './quality/sets.ts'

const help = `Judges every source of candidates alone and all of them blended, on public sets: a table a set.

  npm run quality -- [--data DIR] [--sets NAMES] [--users N] [--tune] [--write]

  --data DIR    where the sets lie (../shared/data); what is absent is skipped and said
  --sets NAMES  with commas: ${sets.map(({ name }) => name).join(', ')}
  --users N     users judged at most of each set, spread evenly (all)
  --tune        searches for the models' parameters anew, on a validation part; else those that a search ended with
  --write       puts the tables into docs/quality.md

Sources are weighed on a part of what is learned from; what is to be found is looked at once, by the tables.`

const document = 'docs/quality.md'
const { values } = parseArgs({
  options: {
    data: { type: 'string', default: '../shared/data' },
    sets: { type: 'string' },
    users: { type: 'string', default: 'Infinity' },
    tune: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})
const threads = availableParallelism()
const app = trainingOptions(parseTrainingSettings(process.env))

if (values.help) console.log(help)
else await main()

async function main(): Promise<void> {
  const asked = values.sets?.split(',')
  const unknown = asked?.find(name => !sets.some(set => set.name === name))
  if (unknown !== undefined) {
    console.error(`There is no set '${unknown}': there are ${sets.map(({ name }) => name).join(', ')}`)
    process.exitCode = 2
    return
  }
  for (const set of sets) {
    if (asked && !asked.includes(set.name)) continue
    if (!isPresent(values.data, set)) {
      console.log(`### ${set.name}\n\nSkipped: ${join(values.data, set.folder)} is absent.\n`)
      continue
    }
    const report = await judged(set)
    console.log(`${report}\n`)
    if (values.write) await writeSection(set.name, report)
  }
  for (const { name, reason } of asked ? [] : setsWithoutItems) console.log(`### ${name}\n\nSkipped: ${reason}.\n`)
}

async function judged(set: SetDescription): Promise<string> {
  const started = performance.now()
  const say = (line: string) => console.error(`${set.name}, ${seconds(started)} s: ${line}`)
  say('reading')
  const { tables, ids, content } = await set.read(join(values.data, set.folder))
  const told = { repeats: set.repeats === true, ...(content ? { content } : {}) }
  const data = { ...evaluationData(tables, ids, app.strength), ...told }
  const part = holdOut(tables.train, set.validation, { seed: 1 })
  const validation = { ...evaluationData(part, ids, app.strength), ...told }
  const training = await trainingOf(set, { data, validation, say })
  const parameters = { ...training.als, seed: 1, neighbours: 100, minCount: 1, threads, training, weights: [] }
  const blended = sourcesOf(data)
  say(`weighing ${blended.join(', ')} on a part of what is learned from`)
  const weights = await sourceWeights(validation, blended, parameters)
  const beside: Algorithm[] = set.isOfBaskets ? ['item-linear'] : ['als', 'item-linear']
  const usersMax = Number(values.users)
  const result = await judgeSources(data, { sources: [...blended, ...beside], weights, parameters, usersMax, say })
  say('done')
  return `${setReport(set, { judged: result, weights, items: data.train.columns })} ${seconds(started)} s.`
}

/** What the models are trained with. */
async function trainingOf(
  set: SetDescription,
  of: { data: EvaluationData; validation: EvaluationData; say: (line: string) => void },
): Promise<TrainingOptions> {
  const { data, validation, say } = of
  const start = tunedOptions(app, { ...tuningParameters(app), ...set.tuned })
  if (!values.tune || set.isOfBaskets) return start
  const { best } = await tune(data, {
    ...{ training: app, fixed: fixedParameters(process.env), threads, nowMs: () => performance.now() },
    split: { ...validation, held: newPairs(validation) },
    onTrial: ({ metrics, seconds: took }) =>
      say(`trial: NDCG@20 ${metrics['ndcg@20'].toFixed(4)}, ${took.toFixed(1)} s`),
  })
  say(`chosen: ${JSON.stringify(best.parameters)}`)
  return tunedOptions(app, best.parameters)
}

/** Replaces the set's section of the document, which stands between two marks. */
async function writeSection(name: string, report: string): Promise<void> {
  const text = await readFile(document, 'utf8')
  const [begin, end] = [`<!-- ${name} -->`, `<!-- end of ${name} -->`]
  const from = text.indexOf(begin)
  const to = text.indexOf(end)
  if (from === -1 || to === -1)
    throw new RangeError(`Cannot write ${name} as ${document} must hold ${begin} and ${end}`)
  const users = values.users === 'Infinity' ? '' : ` --users ${values.users}`
  const made = `\`npm run quality -- --sets ${name}${users}\`, ${new Date().toISOString().slice(0, 10)}.`
  await writeFile(document, `${text.slice(0, from + begin.length)}\n${report} ${made}\n${text.slice(to)}`)
}

function seconds(started: number): string {
  return ((performance.now() - started) / 1000).toFixed(0)
}
