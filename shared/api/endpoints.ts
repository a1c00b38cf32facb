import type { Schedules } from '../operations/schedule/scheduled-jobs.ts'
import type { Ports } from '../ports.ts'
import type { Jobs } from '../runs/stage.ts'
import type { Shop } from '../serving/shop.ts'
import type { Endpoint } from './endpoint.ts'
import type { ImpressionLog } from './lists/impression-log.ts'
import type { ListNeed } from './lists/list-from.ts'
import { listAudit } from './routes/audit.ts'
import { batchRecommendations } from './routes/batch-recommendations.ts'
import { getBatchSchedule, putBatchSchedule } from './routes/batch-schedule.ts'
import { cacheStats, dropCache, dropCachedUser } from './routes/cache.ts'
import { cartRecommendations, postedCartRecommendations, searchRecommendations } from './routes/cart-and-search.ts'
import { type Configuration, deleteConfiguration, getConfiguration, putConfiguration } from './routes/configuration.ts'
import { getConsent, putConsent } from './routes/consent.ts'
import { type CostNeed, costs } from './routes/costs.ts'
import { docs } from './routes/docs.ts'
import { liftTombstoneOf, listErasures, oneErasure, requestErasureOf } from './routes/erasures.ts'
import { exportFile, listExports, oneExport } from './routes/exports.ts'
import { health } from './routes/health.ts'
import { postInteractions } from './routes/interactions.ts'
import { jobLogs } from './routes/job-logs.ts'
import { cancelJob, jobStatus, listJobs, triggerJob } from './routes/jobs.ts'
import { createKey, deleteKey, listKeys } from './routes/keys.ts'
import { metadata } from './routes/metadata.ts'
import { metrics } from './routes/metrics.ts'
import { listModels, oneModel, rollbackModel } from './routes/models.ts'
import { personExport } from './routes/person-export.ts'
import { deletePlacement, listPlacements, putPlacement } from './routes/placements.ts'
import { getPreferences, postPreferences } from './routes/preferences.ts'
import { createProduct, deleteProduct, patchProduct, putProduct } from './routes/product-changes.ts'
import { listCategories, listProducts, oneProduct } from './routes/products.ts'
import { liveness, readiness } from './routes/readiness.ts'
import {
  categoryRecommendations,
  itemRecommendations,
  itemRules,
  sessionRecommendations,
  trending,
  userRecommendations,
} from './routes/recommendations.ts'
import { createShopperToken } from './routes/shopper-tokens.ts'
import { createUser, deleteUser, patchUser, putUser } from './routes/user-changes.ts'
import { postFeedback, userInteractions } from './routes/user-events.ts'
import { userProfile } from './routes/user-profile.ts'
import { listUsers, oneUser } from './routes/users.ts'
import { whyNotListed } from './routes/why-not.ts'

/** All that endpoints are given. */
export interface ApiNeed {
  ports: Ports
  shop: Shop
  impressions: ImpressionLog
  /** Lists as they were made a moment ago; without it each is made anew. */
  lists?: ListNeed['lists']
  jobs: Jobs
  /** When jobs run, while nothing else is set at run time. */
  schedules: Schedules
  configuration: Configuration
  cost: CostNeed
  dollarsPerMillionRequestUnits: number
  /** Of the pseudonyms that stand for e-mails. */
  pseudonymKey: string
  /** Where the files of Swagger UI lie. */
  docsFolder: string
}

/** The whole API: what is not here is bound to no route, documented nowhere and tested by nothing. */
export const endpoints = (need: ApiNeed): Endpoint[] => [
  userRecommendations(need),
  sessionRecommendations(need),
  itemRecommendations(need),
  categoryRecommendations(need),
  cartRecommendations(need),
  postedCartRecommendations(need),
  searchRecommendations(need),
  whyNotListed(need),
  batchRecommendations(need),
  trending(need),
  itemRules(need),

  listProducts(need),
  oneProduct(need),
  createProduct(need),
  putProduct(need),
  patchProduct(need),
  deleteProduct(need),
  listCategories(need),

  listUsers(need),
  oneUser(need),
  createUser(need),
  putUser(need),
  patchUser(need),
  deleteUser(need),
  userProfile(need),
  userInteractions(need),
  postFeedback(need),
  getPreferences(need),
  postPreferences(need),

  getConsent(need),
  putConsent(need),
  personExport(need),
  requestErasureOf(need),
  listErasures(need),
  oneErasure(need),
  liftTombstoneOf(need),

  postInteractions(need),

  triggerJob(need),
  jobStatus(need),
  cancelJob(need),
  listJobs(need),
  jobLogs(need),
  listExports(need),
  oneExport(need),
  exportFile(need),

  listModels(need),
  oneModel(need),
  rollbackModel(need),

  listPlacements(need),
  putPlacement(need),
  deletePlacement(need),

  getBatchSchedule(need),
  putBatchSchedule(need),

  cacheStats(need),
  dropCachedUser(need),
  dropCache(need),

  costs(need),

  listAudit(need),
  listKeys(need),
  createKey(need),
  deleteKey(need),
  createShopperToken(need),

  getConfiguration(need),
  putConfiguration(need),
  deleteConfiguration(need),

  health(need),
  liveness(),
  readiness(need),
  metadata(need),
  metrics(need),
  ...docs(() => endpoints(need), need),
]
