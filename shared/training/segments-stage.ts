import { countingOrder } from '../algorithms/counting-order.ts'
import { kMeans } from '../algorithms/kmeans.ts'
import { decodeModel, encodeModel } from '../algorithms/model-bytes.ts'
import { decodeSegments, encodeSegments, nearestSegment, type Segments, standardised } from '../algorithms/segments.ts'
import { type Stage, type StageContext, stage } from '../runs/stage.ts'
import type { Item } from '../schemas/catalogue.ts'
import { isGuest } from '../schemas/ids.ts'
import type { Segment } from '../schemas/published.ts'
import { behaviour, behaviourFeatures } from './behaviour.ts'
import type { Moments } from './build-dataset.ts'
import { catalogueItems } from './catalogue-items.ts'
import { readItemIds, readMoments, readNames, readSummary } from './dataset-blobs.ts'
import { keep, readKept } from './increment/keep-model.ts'
import { type RefreshPlan, readRefreshPlan } from './increment/refresh-plan.ts'
import { leaveIndex } from './indexes-stage.ts'
import { parseManifest, readManifest } from './model.ts'
import type { TrainingOptions } from './options.ts'
import { ranges } from './ranges.ts'
import { segmentName } from './segment-names.ts'

const dimensions = behaviourFeatures.length
/** A shop has as many segments as are set, but none of less than so many users on average. */
const usersPerSegmentMin = 20
/** Users that segments are made of: more would move the means by less than one user does. */
const sampleMax = 200_000
const namesAtOnce = 65_536
/** Of a guest, or a user who did nothing that counts. */
const none = 0

type Options = Pick<TrainingOptions, 'segments' | 'seed'>

/**
 * Purchases and views -> users in segments by how they behave (F04). A fit makes segments, beginning with those there are,
 * so that they keep their keys; an increment tells which of them each user belongs to now. Memory is 32 bytes a user and
 * what the events are.
 */
export const segmentsStage = (options: Options): Stage =>
  stage({
    name: 'segments',
    weight: 3,
    parse: () => ({}),
    plan: async () => (options.segments === 0 ? [] : [{}]),
    run: async (_, context) => {
      const { users, until } = await readSummary(context)
      const sales = await readMoments(context, 'sales')
      const ids: readonly string[] = await readItemIds(context)
      const catalogue = await catalogueItems(context.ports.documents)
      const products = ids.map(id => catalogue.get(id))
      const of = { guests: await guestsOf(users, context), ids, catalogue, until }
      const { features, known } = userFeatures(sales, await readMoments(context, 'views'), of)
      await context.progress(0.5)
      const plan = await readRefreshPlan(context)
      const before = await segmentsBefore(plan, context)
      const made = plan.type === 'increment' && before ? before : makeSegments({ features, known }, before, options)
      if (!made) return { segments: 0 }
      const segmentOf = Uint8Array.from(known, (flag, user) =>
        flag === 0 ? none : 1 + nearestSegment(made, features.subarray(user * dimensions, (user + 1) * dimensions)),
      )
      const named = made === before ? made : { ...made, ...described(made, segmentOf, { sales, products }) }
      await context.ports.blobs.write(
        pathOf(context),
        encodeModel({ kind: 'user segments', shape: [users], arrays: [segmentOf] }),
      )
      await leaveIndex('segments', { segments: await keep(encodeSegments(named), context) }, context)
      context.note({ segments: named.names })
      return { segments: named.names.length, users: known.reduce((sum, flag) => sum + flag, 0) }
    },
  })

const pathOf = ({ runId }: Pick<StageContext, 'runId'>): string => `runs/${runId}/segments/users.bin`

/** What a segment is called where users and lists name it, by its number from 0. */
export const segmentKey = (segment: number): string => `s${segment + 1}`

/** The segments that the run's model names, in words; undefined where it names none. */
export async function readSegments(context: Pick<StageContext, 'runId' | 'ports'>): Promise<Segment[] | undefined> {
  const { indexes } = await readManifest(context.runId, context.ports.blobs)
  if (!indexes?.segments) return undefined
  const { names, sizes } = decodeSegments(await readKept(indexes.segments, context))
  return names.map((name, segment) => ({ key: segmentKey(segment), name, users: sizes[segment] ?? 0 }))
}

/** The key of each user's segment, as the stage left them; undefined where there are no segments. */
export async function findSegments({
  runId,
  ports,
}: Pick<StageContext, 'runId' | 'ports'>): Promise<((user: number) => string | undefined) | undefined> {
  const bytes = await ports.blobs.read(pathOf({ runId }))
  if (!bytes) return undefined
  const reader = decodeModel(bytes, { kind: 'user segments', dimensions: 1 })
  const segmentOf = reader.uint8(reader.shape[0] ?? 0)
  reader.end()
  return user => {
    const number = segmentOf[user] ?? none
    return number === none ? undefined : segmentKey(number - 1)
  }
}

/** By user: 1 for visitors who never logged in. They would be most of the users, and all alike. */
async function guestsOf(users: number, context: StageContext): Promise<Uint8Array> {
  const guests = new Uint8Array(users)
  for (const range of ranges(users, namesAtOnce)) {
    const names = await readNames(context, 'users', range)
    for (const [place, name] of names.entries()) if (isGuest(name)) guests[range.from + place] = 1
  }
  return guests
}

/** Features of every user, shape (users, features), and which users have any that count. */
function userFeatures(
  sales: Moments,
  views: Moments,
  of: { guests: Uint8Array; ids: readonly string[]; catalogue: ReadonlyMap<string, Item>; until: number },
): { features: Float32Array; known: Uint8Array } {
  const { guests, ids, catalogue, until } = of
  const users = guests.length
  const features = new Float32Array(users * dimensions)
  const known = new Uint8Array(users)
  const kinds = [
    { moments: sales, order: countingOrder(sales.user, users), next: 0, isPurchase: true },
    { moments: views, order: countingOrder(views.user, users), next: 0, isPurchase: false },
  ]
  for (let user = 0; user < users; user++) {
    const gathered = behaviour(id => catalogue.get(id))
    for (const kind of kinds) {
      const { moments, order, isPurchase } = kind
      for (; kind.next < order.length && moments.user[order[kind.next]!] === user; kind.next++) {
        const event = order[kind.next]!
        gathered.add({ itemId: ids[moments.item[event]!] ?? '', second: moments.at[event]!, isPurchase })
      }
    }
    const values = gathered.features(until)
    if (!values || guests[user] === 1) continue
    known[user] = 1
    features.set(values, user * dimensions)
  }
  return { features, known }
}

async function segmentsBefore(plan: RefreshPlan, context: StageContext): Promise<Segments | undefined> {
  if (!plan.base) return undefined
  const { indexes } = parseManifest(await readKept(plan.base.manifest, context))
  if (!indexes?.segments) return undefined
  const before = decodeSegments(await readKept(indexes.segments, context))
  return before.means.length === dimensions ? before : undefined
}

/** Groups of a sample of the users, without their names; undefined in a shop too small for two. */
function makeSegments(
  { features, known }: { features: Float32Array; known: Uint8Array },
  before: Segments | undefined,
  { segments, seed }: Options,
): Segments | undefined {
  const users = [...known.keys()].filter(user => known[user] === 1)
  const k = Math.min(segments, Math.floor(users.length / usersPerSegmentMin))
  if (k < 2) return undefined
  const step = Math.ceil(users.length / sampleMax)
  const sample = users.filter((_, place) => place % step === 0)
  const { means, deviations } = spreadOf(features, sample)
  const points = new Float32Array(sample.length * dimensions)
  for (const [place, user] of sample.entries()) {
    for (let at = 0; at < dimensions; at++) {
      points[place * dimensions + at] = standardised(features[user * dimensions + at]!, means[at]!, deviations[at]!)
    }
  }
  const start = before && before.names.length === k ? { before: movedTo(before, { means, deviations }) } : {}
  const { centroids } = kMeans(points, { dimensions, k, seed, ...start })
  return { means, deviations, centroids, sizes: new Uint32Array(k), names: [] }
}

/** Mean and standard deviation of each feature over the users of whom it is known. */
function spreadOf(features: Float32Array, users: readonly number[]): Pick<Segments, 'means' | 'deviations'> {
  const means = new Float64Array(dimensions)
  const deviations = new Float64Array(dimensions)
  for (let at = 0; at < dimensions; at++) {
    const values = users.map(user => features[user * dimensions + at]!).filter(value => !Number.isNaN(value))
    if (values.length === 0) continue
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length
    means[at] = mean
    deviations[at] = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length)
  }
  return { means, deviations }
}

/** Centroids of before in the deviations of now. */
function movedTo(before: Segments, { means, deviations }: Pick<Segments, 'means' | 'deviations'>): Float64Array {
  return before.centroids.map((value, index) => {
    const at = index % dimensions
    return standardised(before.means[at]! + value * before.deviations[at]!, means[at]!, deviations[at]!)
  })
}

/** How many users each segment has, and what it is called. */
function described(
  { centroids }: Segments,
  segmentOf: Uint8Array,
  { sales, products }: { sales: Moments; products: readonly (Item | undefined)[] },
): Pick<Segments, 'sizes' | 'names'> {
  const k = centroids.length / dimensions
  const sizes = new Uint32Array(k)
  for (const number of segmentOf) if (number !== none) sizes[number - 1]! += 1
  const bought = Array.from({ length: k }, () => new Map<string, number>())
  const ofAll = new Map<string, number>()
  for (let sale = 0; sale < sales.item.length; sale++) {
    const category = products[sales.item[sale]!]?.category
    const counts = bought[segmentOf[sales.user[sale]!]! - 1]
    if (category === undefined || !counts) continue
    for (const each of [counts, ofAll]) each.set(category, (each.get(category) ?? 0) + 1)
  }
  const total = (counts: Map<string, number>) => [...counts.values()].reduce((sum, count) => sum + count, 0)
  const names = bought.map((counts, segment) => {
    const categories = [...counts].map(([name, count]) => {
      return { name, share: count / total(counts), ofAll: (ofAll.get(name) ?? 0) / total(ofAll) }
    })
    const [recency = 0, purchases = 0, variety = 0, looking = 0, price = 0, weekends = 0, nights = 0] =
      centroids.subarray(segment * dimensions)
    const deviations = { recency, purchases, categories: variety, views_per_purchase: looking, price, weekends, nights }
    return segmentName(deviations, categories)
  })
  return { sizes, names }
}
