import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import type { EvaluationData } from '../shared/models/evaluation-data.ts'
import { sourcesOf, sourceWeights } from '../shared/models/hybrid/judge-sources.ts'
import { type Judgement, judge } from '../shared/models/judge.ts'
import { InteractionFileError } from '../shared/models/read-interactions.ts'
import {
  type Algorithm,
  algorithms,
  type RecommenderParameters,
  type SourceWeights,
  type TrainingSet,
} from '../shared/models/recommender.ts'
import { tune } from '../shared/models/tuning/tune.ts'
import { fixedParameters, tunedOptions } from '../shared/models/tuning/tuned-options.ts'
import { SettingsError } from '../shared/schemas/settings/parse.ts'
import { parseTrainingSettings } from '../shared/schemas/settings.ts'
import type { TuningTrial } from '../shared/schemas/tuning.ts'
import { type TrainingOptions, trainingOptions } from '../shared/training/options.ts'
import { loadFiles } from './evaluate/load-files.ts'
import { oneOf, UsageError } from './evaluate/usage-error.ts'

const help = `Trains recommenders on files of interactions and judges their lists.

  npm run evaluate -- --train F --test F [options]
  npm run evaluate -- --interactions F --split-time 0.2 [options]

Files (.gz is unpacked):
  --train F --test F     interactions to learn from and to be found again
  --interactions F       one file with timestamps, split at one moment for all users
  --split-time SHARE     with --interactions: the latest share of rows is the test set (0.2)
  --candidates F         rank only these items for each user, with the test items, as sampled protocols do
  --format NAME          csv, tsv     header with user_id, item_id and, where there are any, event_type, value,
                                      timestamp; by the file's ending unless given. customer_id, product_id,
                                      ordered_at are understood; rows with an order_id are purchases
                         triples      no header: user item [rating [timestamp]]
                         adjacency    no header: user item item ... (LightGCN)
                         counted      no header: count item item ..., the line's number is the user (CiteULike-a)
                         Candidates may also be lines of (user,item) and then the items (NCF).
What to judge:
  --algorithm NAMES      with commas (sidecart, als, popularity and, where there are timestamps, popularity-7-days):
                         sidecart             what the app lists: its sources blended, the models tuned and the sources
                                              weighed on a part of the train set; settings in the environment
                                              (ALS_FACTORS, POPULARITY_SHARE …) stay
  --no-tune              sidecart with the app's settings and weights as they stand
                         personal             the published lists: ALS, the item-item linear model and recent popularity, tuned
                         als, item-linear     one of these models alone
                         item-als, copurchase neighbours of the user's items
                         also-viewed          the same by what was viewed, where there are views
                         user-neighbours      what users have who share the user's items
                         rules                association rules from the user's items
                         trending             what sells now
                         popularity           by users who have the item, popularity-7-days by its latest buyers
  --k LIST               lengths of the lists (10,20)
  --factors 64 --iterations 15 --regularization 10 --alpha 40               for als and item-als
  --seed 1                                                                 for these and sidecart
  --neighbours 100 --min-count 1                                           for item-als and copurchase
  --json                 {dataset, results: [{algorithm, parameters, seconds, metrics}], tuning: [{parameters, metrics,
                         groups, seconds}]} instead of a table; tuning are the trials on the validation split

Metrics are averages over the users with at least one test item that is not in their train set (with --candidates: at
least one test item). Recall is hits / test items of the user. A user an algorithm knows nothing of gets the popular
items, as the shop would serve. Seconds are for training and ranking together. Event types weigh as in the shop.`

const options = {
  train: { type: 'string' },
  test: { type: 'string' },
  interactions: { type: 'string' },
  'split-time': { type: 'string', default: '0.2' },
  candidates: { type: 'string' },
  format: { type: 'string' },
  algorithm: { type: 'string' },
  k: { type: 'string', default: '10,20' },
  factors: { type: 'string', default: '64' },
  iterations: { type: 'string', default: '15' },
  regularization: { type: 'string', default: '10' },
  alpha: { type: 'string', default: '40' },
  seed: { type: 'string', default: '1' },
  neighbours: { type: 'string', default: '100' },
  'min-count': { type: 'string', default: '1' },
  'no-tune': { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const

/** Judged unless others are asked for. */
const defaultAlgorithms: readonly Algorithm[] = ['sidecart', 'als', 'popularity', 'popularity-7-days']
/** What a user is listed who did nothing since the lists were made. */
const servedWeights: SourceWeights = [['personal', 1]]
const needsTimes = (algorithm: Algorithm) => algorithm === 'popularity-7-days'

type Options = ReturnType<typeof parsedOptions>

process.exitCode = await main(process.argv.slice(2))

async function main(args: string[]): Promise<number> {
  try {
    const values = parsedOptions(args)
    if (values.help) console.log(help)
    else await evaluate(values)
    return 0
  } catch (error) {
    if (error instanceof UsageError) console.error(`${error.message}. See --help.`)
    else if (isExpected(error)) console.error(error.message)
    else throw error
    return error instanceof UsageError ? 2 : 1
  }
}

function isExpected(error: unknown): error is Error {
  return error instanceof InteractionFileError || error instanceof RangeError || error instanceof SettingsError
}

async function evaluate(values: Options): Promise<void> {
  const training = trainingOptions(parseTrainingSettings(process.env))
  const asked = values.algorithm && oneOf(values.algorithm.split(','), algorithms, 'algorithm')
  const ks = values.k.split(',').map(k => wholeNumber('k', k))
  const parameters = {
    factors: wholeNumber('factors', values.factors),
    iterations: wholeNumber('iterations', values.iterations),
    regularization: number('regularization', values.regularization),
    regularizationExponent: 0,
    alpha: number('alpha', values.alpha),
    conjugateGradientSteps: 3,
    seed: wholeNumber('seed', values.seed),
    neighbours: wholeNumber('neighbours', values.neighbours),
    minCount: wholeNumber('min-count', values['min-count']),
    threads: availableParallelism(),
    training,
    weights: servedWeights,
  }
  const { name, data, validation } = await loadFiles(
    { ...values, testShare: number('split-time', values['split-time']) },
    training.strength,
  )
  const judged = asked || defaultAlgorithms.filter(algorithm => data.until !== undefined || !needsTimes(algorithm))
  let users = 0
  const results: Judgement[] = []
  const say = values.json ? () => undefined : console.error
  const isTunable = judged.includes('sidecart') || judged.includes('personal')
  const tuning = isTunable && !values['no-tune'] ? await tuned(data, training, say) : undefined
  const chosen = { ...parameters, training: tuning?.chosen ?? training }
  if (tuning && judged.includes('sidecart')) chosen.weights = await weighed(validation(), chosen, say)
  for (const algorithm of judged) {
    say(`Training and judging ${algorithm} …`)
    const outcome = await judge({ algorithm, ...data, ks, parameters: chosen, nowMs: () => performance.now() })
    results.push(outcome.judgement)
    users = outcome.users
  }
  const dataset = {
    name,
    users: data.train.rows,
    items: data.train.columns,
    train: data.train.indices.length,
    test: data.test.indices.length,
    users_judged: users,
  }
  const trials = tuning && { tuning: tuning.trials }
  if (values.json) console.log(JSON.stringify({ dataset, results, ...trials }, undefined, 2))
  else printTable(dataset, results)
}

/** The options that a search on a part of the train set ends with; the test set is not looked at. */
async function tuned(
  set: TrainingSet,
  training: TrainingOptions,
  say: (line: string) => void,
): Promise<{ chosen: TrainingOptions; trials: TuningTrial[] }> {
  say('Tuning sidecart on a part of the train set …')
  const { best, trials } = await tune(set, {
    training,
    fixed: fixedParameters(process.env),
    threads: availableParallelism(),
    nowMs: () => performance.now(),
    onTrial: ({ parameters, metrics, seconds }) => {
      const figures = Object.entries(metrics).map(([name, value]) => `${name} ${value.toFixed(4)}`)
      say(`  ${[...figures, `${seconds.toFixed(1)} s`].join(', ')}: ${JSON.stringify(parameters)}`)
    },
  })
  say(`  chosen: ${JSON.stringify(best.parameters)}`)
  return { chosen: tunedOptions(training, best.parameters), trials }
}

/** How much each source adds, found as the parameters are. */
async function weighed(
  validation: EvaluationData,
  parameters: RecommenderParameters,
  say: (line: string) => void,
): Promise<SourceWeights> {
  say('Weighing the sources on a part of the train set …')
  const asServed = { ...parameters, ...parameters.training.als }
  const weights = await sourceWeights(validation, sourcesOf(validation), asServed)
  say(`  weights: ${weights.map(([source, weight]) => `${source} ${weight}`).join(', ')}`)
  return weights
}

function parsedOptions(args: string[]) {
  try {
    return parseArgs({ args, options }).values
  } catch (cause) {
    throw new UsageError(cause instanceof Error ? cause.message.replace(/\.$/, '') : String(cause), { cause })
  }
}

function number(name: string, text: string): number {
  const value = Number(text)
  if (text.trim() !== '' && Number.isFinite(value) && value >= 0) return value
  throw new UsageError(`--${name} must be a number ≥ 0: current value is '${text}'`)
}

function wholeNumber(name: string, text: string): number {
  const value = number(name, text)
  if (Number.isInteger(value) && value >= 1) return value
  throw new UsageError(`--${name} must be a whole number ≥ 1: current value is '${text}'`)
}

function printTable(dataset: Record<string, number | string>, results: Judgement[]): void {
  console.log(
    Object.entries(dataset)
      .map(([name, value]) => `${name.replace('_', ' ')} ${value}`)
      .join(', '),
  )
  const names = Object.keys(results[0]?.metrics ?? {})
  const width = Math.max(...names.map(name => name.length))
  console.log(['metric'.padEnd(width), ...results.map(({ algorithm }) => algorithm.padStart(11))].join(' '))
  for (const name of names) {
    const cells = results.map(({ metrics }) => (metrics[name] ?? 0).toFixed(4).padStart(11))
    console.log([name.padEnd(width), ...cells].join(' '))
  }
  console.log(['seconds'.padEnd(width), ...results.map(({ seconds }) => seconds.toFixed(2).padStart(11))].join(' '))
}
