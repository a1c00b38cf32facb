import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { HoldOut } from '../../shared/models/hold-out.ts'
import { readCandidates } from '../../shared/models/read-interactions.ts'
import type { TuningParameters } from '../../shared/schemas/tuning.ts'
import { file, groceries, olist, onlineRetail, type QualitySet, retailrocket, trainAndTest } from './read-sets.ts'

/** What the command knows of a set before it reads it. */
export interface SetDescription {
  name: string
  /** Below the data's directory. */
  folder: string
  /** How it is judged, in a sentence. */
  protocol: string
  /** How the validation part is held out of what is learned from. */
  validation: HoldOut
  /** Whether what a user had may be listed and is to be found again. */
  repeats?: boolean
  /** A set of baskets has no users to make personal lists for. */
  isOfBaskets?: boolean
  /** What a search on the validation part ended with (`--tune`); the app's defaults where it says nothing. */
  tuned?: Partial<TuningParameters>
  read: (folder: string) => Promise<QualitySet>
}

export const sets: readonly SetDescription[] = [
  {
    ...{ name: 'amazon-cds', folder: 'cf-amazon-cds' },
    protocol: 'The published split; all items but those of the train file are ranked.',
    validation: { by: 'chance', share: 0.15 },
    tuned: {
      ...{ alsFactors: 256, alsIterations: 10, alsAlpha: 100, alsRegularization: 40.8, alsRegularizationExponent: 1 },
      ...{ itemLinearShare: 0.5, itemLinearUserExponent: 0.5, itemLinearFromExponent: 0.4, itemLinearToExponent: 0.3 },
      popularityShare: 0,
    },
    read: folder => trainAndTest(folder, 'adjacency', ['train.txt.gz', 'test.txt.gz']),
  },
  {
    ...{ name: 'citeulike-a', folder: 'cf-citeulike-a' },
    protocol:
      'The published split; all items but those of the train file are ranked. The train file holds the ten first items of each user, so that the validation part is the last of these.',
    validation: { by: 'last', share: 0.2 },
    tuned: {
      ...{ alsFactors: 256, alsIterations: 10, alsAlpha: 100, alsRegularization: 10.28, alsRegularizationExponent: 1 },
      ...{ itemLinearShare: 0.5, itemLinearUserExponent: 0.5, itemLinearFromExponent: 0.6, itemLinearToExponent: 0.5 },
      popularityShare: 0,
    },
    read: folder => trainAndTest(folder, 'counted', ['cf-train-10-users.dat.gz', 'cf-test-10-users.dat.gz']),
  },
  {
    ...{ name: 'amazon-music', folder: 'cf-amazon-music-loo' },
    protocol: 'One item a user held out, ranked among 99 sampled others: compare with this protocol alone.',
    validation: { by: 'chance', share: 0.15 },
    tuned: {
      ...{ alsFactors: 128, alsIterations: 10, alsAlpha: 10, alsRegularization: 19.54, alsRegularizationExponent: 1 },
      ...{ itemLinearShare: 0.5, itemLinearUserExponent: 0.5, itemLinearFromExponent: 0.6, itemLinearToExponent: 0.3 },
      popularityShare: 0,
    },
    read: async folder => {
      const files = ['AMusic.train.rating.gz', 'AMusic.test.rating.gz'] as const
      const { tables, ids } = await trainAndTest(folder, 'triples', files)
      const candidates = await readCandidates(file(folder, 'AMusic.test.negative.gz', 'triples'), ids)
      return { ids, tables: { ...tables, candidates } }
    },
  },
  {
    ...{ name: 'online-retail', folder: 'orders-online-retail' },
    protocol: 'The latest 20 % of order lines are to be found, from one moment on for all customers; new items only.',
    validation: { by: 'time', share: 0.2 },
    tuned: { alsFactors: 64, alsAlpha: 10, alsRegularization: 18.16, alsRegularizationExponent: 1 },
    read: folder => onlineRetail(folder, { by: 'time', share: 0.2 }),
  },
  {
    ...{ name: 'online-retail-again', folder: 'orders-online-retail', repeats: true },
    protocol: 'As online-retail, but what a customer bought before may be listed and is to be found again.',
    validation: { by: 'time', share: 0.2 },
    read: folder => onlineRetail(folder, { by: 'time', share: 0.2 }),
  },
  {
    ...{
      name: 'online-retail-cart',
      folder: 'orders-online-retail',
    },
    protocol: 'The latest 20 % of orders: one line of each, by chance, is to be found from the others.',
    validation: { by: 'basket', share: 0.2, given: 'all-but-one' },
    isOfBaskets: true,
    read: folder => onlineRetail(folder, { by: 'basket', share: 0.2, given: 'all-but-one' }),
  },
  {
    ...{
      name: 'online-retail-together',
      folder: 'orders-online-retail',
    },
    protocol: 'The latest 20 % of orders: from one line of each, by chance, the others are to be found.',
    validation: { by: 'basket', share: 0.2, given: 'one' },
    isOfBaskets: true,
    read: folder => onlineRetail(folder, { by: 'basket', share: 0.2, given: 'one' }),
  },
  {
    ...{ name: 'olist', folder: 'orders-olist-sample' },
    protocol: 'The latest 20 % of order lines are to be found, from one moment on for all customers; new items only.',
    validation: { by: 'time', share: 0.2 },
    read: folder => olist(folder, { by: 'time', share: 0.2 }),
  },
  {
    ...{
      name: 'retailrocket',
      folder: 'events-retailrocket',
    },
    protocol:
      'The set’s own split: one purchase a visitor, with all that was done with the item, is to be found among all items new to the visitor.',
    validation: { by: 'purchase' },
    tuned: {
      ...{ alsFactors: 64, alsAlpha: 100, alsRegularization: 9.05, alsRegularizationExponent: 1 },
      ...{ itemLinearShare: 0.3, itemLinearUserExponent: 0.2, itemLinearFromExponent: 0.4, itemLinearToExponent: 0.2 },
    },
    read: retailrocket,
  },
  {
    ...{ name: 'groceries-cart', folder: 'baskets-groceries' },
    protocol: 'A fifth of the baskets, by chance: one item of each is to be found from the others.',
    validation: { by: 'basket', share: 0.2, given: 'all-but-one' },
    isOfBaskets: true,
    read: folder => groceries(folder, { by: 'basket', share: 0.2, given: 'all-but-one' }),
  },
  {
    ...{ name: 'groceries-together', folder: 'baskets-groceries' },
    protocol: 'A fifth of the baskets, by chance: from one item of each the others are to be found.',
    validation: { by: 'basket', share: 0.2, given: 'one' },
    isOfBaskets: true,
    read: folder => groceries(folder, { by: 'basket', share: 0.2, given: 'one' }),
  },
]

/** Sets that hold nothing to recommend. */
export const setsWithoutItems = [
  { name: 'cdnow', folder: 'clv-cdnow', reason: 'its rows say how many were bought, not what' },
]

/** Whether the set lies where the command looks for it. */
export function isPresent(data: string, { folder }: { folder: string }): boolean {
  return existsSync(join(data, folder))
}
