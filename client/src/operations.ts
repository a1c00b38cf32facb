// Made from the OpenAPI document by `npm run contract`: changes belong there.
import type { Call, Operation } from './call.ts'

export type Problem = {
  /** A link to what the code means and what to do about it */
  type: string
  title: string
  status: number

  /** What happened, in a sentence */
  detail: string

  /** For programs: see /docs/errors */
  code:
    | 'invalid_body'
    | 'invalid_header'
    | 'invalid_path'
    | 'invalid_query'
    | 'unauthenticated'
    | 'forbidden'
    | 'unknown_item'
    | 'unknown_user'
    | 'unknown_job'
    | 'not_found'
    | 'already_exists'
    | 'job_running'
    | 'not_live'
    | 'not_restartable'
    | 'nothing_to_roll_back'
    | 'too_many_keys'
    | 'request_in_progress'
    | 'precondition_failed'
    | 'body_too_large'
    | 'url_too_long'
    | 'unsupported_media_type'
    | 'range_not_satisfiable'
    | 'idempotency_key_reused'
    | 'too_many_requests'
    | 'not_ready'
    | 'unavailable'
    | 'internal'

  /** Every finding: which field of the request has which value, and why it cannot */
  errors: { code: string; field: string; value: unknown; reason: string; [field: string]: unknown }[]
  [field: string]: unknown
}

export type ItemList = {
  items: ListedItem[]
  recommendation_id: string
  model_version: string | null
  generated_at: string | null
  next_cursor: string | null
  placement: PlacementName
  seconds_behind: number
  explanation?: ListExplanation | undefined
}

export type ListedItem = {
  item_id: string
  name: string
  category: string
  price: number
  score: number
  reason: Reason
  propensity?: number | undefined
}

export type Reason = { code: ReasonCode; text: string; template: string; values: Record<string, string | number> }

export type ReasonCode =
  | 'personal'
  | 'recent'
  | 'users_like_you'
  | 'buy_again'
  | 'recently_viewed'
  | 'content'
  | 'similar'
  | 'bought_together'
  | 'viewed_together'
  | 'rule'
  | 'search'
  | 'segment'
  | 'popular_in_category'
  | 'trending'
  | 'explore'
  | 'pinned'
  | 'available'

export type PlacementName =
  | 'home'
  | 'similar'
  | 'bought_together'
  | 'also_viewed'
  | 'cart'
  | 'checkout'
  | 'category'
  | 'search'
  | 'email'

export type ListExplanation = {
  sources: { source: SourceName; asked: 'first' | 'backfill'; candidates: number }[]
  steps: { step: string; items: number }[]
  items: {
    item_id: string
    contributions: { source: SourceName; score: number; added: number; reason: Reason }[]
    boosts: { name: string; factor: number }[]
    positions: { step: string; position: number | null }[]
    propensity: number
    taste?: { score: number; terms: { item_id: string; name: string; term: number }[]; others: number } | undefined
  }[]
  kept_out: Record<string, number>
  kept_out_items: { item_id: string; stage: string; detail: string }[]
}

export type SourceName =
  | 'als'
  | 'fold_in'
  | 'item_neighbours'
  | 'copurchase'
  | 'also_viewed'
  | 'user_neighbours'
  | 'content'
  | 'rules'
  | 'recently_viewed'
  | 'buy_again'
  | 'segment'
  | 'category'
  | 'trending'
  | 'exploration'
  | 'catalogue'

export type WhyNot = {
  item_id: string
  placement: PlacementName
  listed: boolean
  position: number | null
  stage: string | null
  detail: string | null
  passed: string[]
  model_version: string | null
}

export type RecommendBatchAnswer =
  | {
      items: {
        user_id: string
        list: ItemList | null

        /** Why there is no list */
        error: { code: string; detail: string } | null
      }[]
      next_cursor: string | null
    }
  | { job: string; started: boolean; status_url: string; logs_url: string; download_url: string }

export type RuleList = {
  items: ListedRule[]
  recommendation_id: string
  model_version: string | null
  generated_at: string | null
  next_cursor: string | null
  antecedent: Product
}

export type ListedRule = {
  item_id: string
  name: string
  category: string
  price: number
  score: number
  reason: Reason
  propensity?: number | undefined
  lhs: string[]
  rhs: string[]
  lhs_details: Product[]
  rhs_details: Product[]
  support: number
  confidence: number
  lift: number
  leverage: number
  conviction: number | null
}

export type Product = { item_id: string; name: string; category: string; price: number; in_stock: boolean }

export type ProductPage = {
  items: ProductDetails[]

  /** Products that match, on all pages */
  total: number

  /** Of the whole catalogue, the largest first */
  categories: { name: string; items: number }[]
  next_cursor: string | null
}

export type ProductDetails = {
  item_id: string
  name: string
  category: string
  price: number
  in_stock: boolean
  brand: string | null
  tags: string[]

  /** Where it is sold; empty: everywhere */
  channels: string[]

  /** Where it is sold; empty: everywhere */
  regions: string[]

  /** Only for customers of this age */
  min_age: number | null

  /** Not recommended, though it can be bought */
  hidden: boolean

  /** When the shop’s lake first knew it */
  added_at: string | null
}

export type AcceptedChange = {
  change_id: string
  op: 'insert' | 'update' | 'delete'
  item_id: string
  accepted_at: string
}

export type CategoryList = { items: { name: string; items: number }[]; next_cursor: string | null }

export type UserPage = { items: UserAnswer[]; next_cursor: string | null }

export type UserAnswer = {
  user_id: string
  country: string | null
  region: string | null
  birth_year: number | null

  /** champions, loyal, new, at risk, lost, others: by recency, frequency and money */
  segment: string | null

  /** platinum, gold, silver, member: by the orders of the last year */
  loyalty: string | null
  standing: {
    as_of: string
    orders: number
    revenue: number
    average_order_value: number
    first_order_at: string
    last_order_at: string
    rfm: { recency: number; frequency: number; monetary: number }
    clv: number
    clv_segment: string
    churn_risk: string
  } | null
}

export type AcceptedUserChange = {
  change_id: string
  op: 'insert' | 'update' | 'delete'
  user_id: string
  accepted_at: string
}

export type UserProfile = {
  user_id: string
  country: string | null

  /** By recency, frequency and money */
  segment: string | null
  loyalty: string | null

  /** What the orders come to, and the revenue expected in a year */
  standing: {
    as_of: string
    orders: number
    revenue: number
    average_order_value: number
    first_order_at: string
    last_order_at: string
    rfm: { recency: number; frequency: number; monetary: number }
    clv: number
    clv_segment: string
    churn_risk: string
  } | null

  /** The segment of those who behave alike */
  behaviour: { key: string; name: string } | null
  recent_events: { item_id: string; name: string | null; event_type: string; ts: string }[]

  /** The recent events page by page */
  interactions_url: string
  purchases: { item_id: string; name: string | null; last_bought_at: string | null; times: number }[]
  favourite_categories: { name: string; events: number }[]
  model_version: string | null
  generated_at: string | null
}

export type UserInteractions = {
  items: {
    item_id: string
    name: string | null
    event_type: string
    ts: string

    /** Of ratings and feedback */
    value: number | null
  }[]
  next_cursor: string | null
}

export type AcceptedInteractions = {
  accepted: number
  event_ids: string[]
  rejected: { index: number; code: string; field: string; value: unknown; reason: string }[]
}

export type PreferencesAnswer = {
  categories: string[]
  brands: string[]
  tags: string[]
  price_min?: number | undefined
  price_max?: number | undefined
  user_id: string
  updated_at: string | null
}

export type ConsentAnswer = { personalization: boolean; tracking: boolean; user_id: string; updated_at: string | null }

export type PersonExport = {
  user_id: string
  exported_at: string
  ids: string[]
  stores: { store: string; about: string; total: number; items: Record<string, unknown>[] }[]
  notes: string[]
}

export type ErasureAnswer = {
  pseudonym: string
  status: ErasureStatus
  requested_at: string
  requested_by: string
  erasure: string
  job: string | null
  completed_at: string | null
  certificate_sha256: string | null
}

export type ErasureStatus = 'waiting' | 'running' | 'completed'

export type ErasureList = { items: ErasureAnswer[]; next_cursor: string | null }

export type CertifiedErasure = {
  pseudonym: string
  status: ErasureStatus
  requested_at: string
  requested_by: string
  erasure: string
  job: string | null
  completed_at: string | null
  certificate_sha256: string | null
  certificate: ErasureCertificate | null
}

export type ErasureCertificate = {
  erasure: string
  pseudonym: string
  requested_at: string
  requested_by: string
  completed_at: string
  job: string
  ids: number
  stores: ErasedStore[]
  sha256: string
}

export type ErasedStore = {
  store: string
  about: string
  found: number
  removed: number
  found_again: number
  erased_at: string
  verified_at: string
  note?: string | undefined
  left_until?: string | undefined
  interrupted?: true | undefined
}

export type LiftedTombstone = { user_id: string; erased_at: string; lifted_at: string }

export type TriggeredJob = { job: string; started: boolean; status_url: string; logs_url: string }

export type JobStatus = JobAnswer | { status: 'never_run'; kind: JobKind }

export type JobAnswer = {
  job: string
  kind: JobKind
  status: RunStatus
  stage: string | null
  percent: number
  seconds_elapsed: number
  seconds_left: number | null
  trigger: string
  refit: boolean
  created_at: string
  completed_at: string | null
  error: string | null
  request_units: number
  gb_seconds: number
  dollars: number
  trials?:
    | {
        trial: string
        status: 'running' | 'completed'
        started_at: string
        seconds: number | null
        metrics: Record<string, number> | null
        parameters: TuningParameters
      }[]
    | undefined
  stages: {
    name: string
    round: number
    chunks?: number | undefined
    started_at?: string | undefined
    completed_at?: string | undefined
    metrics?: Metrics | undefined
    chunks_done: number
  }[]
}

export type JobKind = 'refresh' | 'lake' | 'tune' | 'export' | 'erasure'

export type RunStatus = 'running' | 'completed' | 'failed' | 'cancelled'

export type TuningParameters = {
  alsFactors: number
  alsIterations: number
  alsRegularization: number
  alsRegularizationExponent: number
  alsAlpha: number
  itemLinearShare: number
  itemLinearNeighbours: number
  itemLinearUserExponent: number
  itemLinearFromExponent: number
  itemLinearToExponent: number
  popularityShare: number
}

export type Metrics = Record<string, number>

export type JobList = { items: JobAnswer[]; next_cursor: string | null }

export type ExportsAnswer = { items: ExportAnswer[]; next_cursor: string | null }

export type ExportAnswer = {
  job: string
  status: RunStatus
  created_at: string
  completed_at: string | null

  /** null until the files are complete */
  placement: ('email' | 'home') | null

  /** In the files */
  users: number | null

  /** Empty until all are complete */
  files: { name: string; format: 'csv' | 'ndjson'; rows: number; bytes: number; sha256: string; url: string }[]
}

export type ModelList = {
  items: {
    model_version: string
    generation: number
    job: string
    generated_at: string
    state: 'live' | 'previous' | 'rolled_back' | 'past'
    parameters: Record<string, unknown>
    counts: Record<string, number>
  }[]
  next_cursor: string | null
}

export type ModelAnswer = {
  model_version: string
  generation: number
  job: string
  generated_at: string
  state: 'live' | 'previous' | 'rolled_back' | 'past'
  parameters: Record<string, unknown>
  counts: Record<string, number>

  /** How it was made, and how good its fold-ins were */
  certificate: {
    mode: 'refit' | 'increment'
    reason: string
    fitted_at: string
    all_lists_at: string
    folded_users_share: number
    new_items_share: number
    new_interactions_share: number
    folded_cosine?: number | undefined
    folded_overlap?: number | undefined
    fitted_cosine?: number | undefined
    fitted_overlap?: number | undefined
    refolded_overlap?: number | undefined
  } | null
  segments: { key: string; name: string; users: number }[]

  /** null once the model’s files were removed */
  lineage: {
    factors: number
    users: number
    items: number
    parameters: Record<string, number | string>
    path: string
    sha256: string

    /** Whether the bytes are those that were published */
    intact: boolean

    /** Tables and versions it was trained on */
    training: { table: string; version: number; sha256: string; rows: number; schemaVersion: number }[] | null

    /** The manifest of the full fit that it adds to */
    adds_to: string | null

    /** The last full fit */
    fit: { at: string; users: number; cells: number; events: number } | null
  } | null
}

export type RolledBack = {
  rolled_back: boolean
  model_version: string
  generation: number
  generated_at: string
  from: string | null
}

export type PlacementList = { items: PlacementAnswer[]; next_cursor: string | null }

export type PlacementAnswer = { name: PlacementName; is_default: boolean; settings: Placement; default: Placement }

export type Placement = {
  sources: { source: SourceName; weight: number; candidates: number }[]
  backfill: SourceName[]
  filters: { name: string; expression: string; from?: string | undefined; until?: string | undefined }[]
  boosts: { name: string; expression: string; factor: number; from?: string | undefined; until?: string | undefined }[]
  rule_boost: number
  pins: {
    item_id: ItemId
    position: number
    expression?: string | undefined
    from?: string | undefined
    until?: string | undefined
  }[]
  blocked: ItemId[]
  include_bought: boolean
  diversity: number
  quota?: { by: 'category' | 'brand'; max: number } | undefined
  frequency_cap?: { times: number; hours: number } | undefined
  exploration: number
  log_impressions: boolean
}

export type ItemId = string

export type BatchScheduleAnswer = {
  items: {
    name: ScheduleName
    kind: JobKind
    schedule: JobSchedule
    is_default: boolean
    default: JobSchedule
    slowed_to_hours: number | null
    next_run_at: string | null
    last_run_at: string | null
    last_job: string | null
    last_status: RunStatus | null
    waiting_since: string | null
  }[]
  next_cursor: null
}

export type ScheduleName = 'refresh' | 'refit' | 'lake' | 'lake-daily' | 'export' | 'tune'

export type JobSchedule = { cron?: string | undefined; every_seconds?: number | undefined; off?: true | undefined }

export type CacheStats = {
  model_version: string | null
  generated_at: string | null
  age_seconds: number | null
  lists: {
    model_version: string
    counted_at: string
    users: { known: number; listed: number; share: number }
    items: { known: number; listed: number; share: number }
    mean_age_seconds: number | null
    staleness: { up_to_hours: number | null; lists: number }[]
  } | null
  instance: {
    users: {
      hits: number
      misses: number
      coalesced: number
      evictions: number
      entries: number
      bytes: number
      stale: number
      looks: number
    }
    lists: { hits: number; misses: number; coalesced: number; evictions: number; entries: number; bytes: number }
    made: { hits: number; misses: number; evictions: number; entries: number } | null
    stores: Record<string, { open: boolean; failed: number }>
    late: string[]
  }
}

export type CacheDropped = { user_id: string; at: string }

export type CacheInvalidated = { epoch: number; at: string }

export type CostsAnswer = {
  profile: string
  prices_as_of: string
  since: string
  until: string
  month_to_date: {
    dollars: number
    lines: { service: string; unit: string; quantity: number; included: number; price: number; dollars: number }[]
  }
  forecast: {
    dollars: number
    lines: { service: string; unit: string; quantity: number; included: number; price: number; dollars: number }[]
  }
  lists: number
  dollars_per_thousand_lists: number | null
  usage: {
    gb_seconds: Partial<
      Record<
        'http' | 'interactions' | 'catalog-changes' | 'run-chunks' | 'run-chunks-poison' | 'clock' | 'none',
        number
      >
    >
    executions: Partial<
      Record<
        'http' | 'interactions' | 'catalog-changes' | 'run-chunks' | 'run-chunks-poison' | 'clock' | 'none',
        number
      >
    >
    request_units: Partial<
      Record<
        'http' | 'interactions' | 'catalog-changes' | 'run-chunks' | 'run-chunks-poison' | 'clock' | 'none',
        number
      >
    >
    blob_reads: number
    blob_writes: number
    queue_operations: number
    hub_events: number
    log_bytes: number
    lists: number
  }
  budget: {
    dollars: number
    is_slowed: boolean
    refresh_every_hours: number | null
    explores: boolean
    since: string | null
  }
}

export type AuditAnswer = {
  items: {
    at: string
    type: 'intent' | 'outcome' | 'refused'
    request_id: string
    endpoint: string
    method: string
    path: Record<string, string>
    caller:
      | { kind: 'anonymous' }
      | { kind: 'service'; id: string; name: string }
      | { kind: 'shopper'; pseudonym: string }
    address: string | null
    body_digest?: string | undefined
    status?: number | undefined
    not_recorded?: number | undefined
  }[]
  next_cursor: string | null
}

export type KeyList = { items: KeyAnswer[]; next_cursor: null }

export type KeyAnswer = {
  id: string
  name: string
  roles: ('reader' | 'writer' | 'operator' | 'admin' | 'privacy')[]
  last4: string
  created_at: string
  expires_at: string | null
}

export type NewKey = {
  id: string
  name: string
  roles: ('reader' | 'writer' | 'operator' | 'admin' | 'privacy')[]
  last4: string
  created_at: string
  expires_at: string | null
  key: string
}

export type ShopperToken = { token: string; user_id: string; session_id: string | null; expires_at: string }

export type ConfigurationAnswer = {
  items: {
    name: string
    value: (number | string | string[] | JobSchedule) | null
    is_set: boolean
    is_secret: boolean
    source: 'default' | 'environment' | 'vault' | 'run_time'
    is_run_time: boolean
  }[]
  next_cursor: null
}

export type Health = {
  status: 'ok' | 'starting' | 'degraded'
  live: true
  ready: boolean
  dependencies: Record<string, Dependency>
  model_version: string | null
  generated_at: string | null
  products: number
}

export type Dependency = { ok: boolean; latency_ms: number; error?: string | undefined }

export type HealthLiveAnswer = { status: 'ok'; live: true }

export type HealthReadyAnswer = {
  status: 'ok' | 'starting'
  ready: boolean
  parts: {
    catalogue: { ok: boolean; detail: string }
    published: { ok: boolean; detail: string }
    model: { ok: boolean; detail: string }
  }
}

export type MetadataAnswer = {
  /** Of the app */
  version: string
  model_version: string | null
  generation: number | null

  /** When the lists were published */
  generated_at: string | null

  /** When all factors were last fitted */
  trained_at: string | null

  /** Interactions up to then are in the lists */
  data_until: string | null

  /** Tables it was trained on, each with its version */
  source_paths: string[]
  counts: { products: number; categories: number; model: Record<string, number> }
  capabilities: {
    published_lists: boolean

    /** A model is in memory, to make lists of what was done a moment ago */
    fold_in: boolean
    segments: boolean
  }
  jobs: JobKind[]
  placements: {
    name: PlacementName
    is_default: boolean
    sources: SourceName[]
    exploration: number
    log_impressions: boolean
  }[]
}

export type UserId = string

export type SessionId = string

export type CartBody = {
  limit?: number | undefined
  category?: string | undefined
  brand?: string | undefined
  channel?: string | undefined
  region?: string | undefined
  country?: string | undefined
  device?: string | undefined
  filter?: string | undefined
  cursor?: string | undefined
  explain?: 'full' | undefined
  min_score?: number | undefined
  price_min?: number | undefined
  price_max?: number | undefined
  age?: number | undefined
  user_id?: UserId | undefined
  session_id?: SessionId | undefined
  items: ItemId[]
  placement?: 'cart' | 'checkout' | undefined
}

export type SearchBody = {
  limit?: number | undefined
  category?: string | undefined
  brand?: string | undefined
  channel?: string | undefined
  region?: string | undefined
  country?: string | undefined
  device?: string | undefined
  filter?: string | undefined
  cursor?: string | undefined
  explain?: 'full' | undefined
  min_score?: number | undefined
  price_min?: number | undefined
  price_max?: number | undefined
  age?: number | undefined
  user_id?: UserId | undefined
  session_id?: SessionId | undefined
  items: ItemId[]
}

export type RecommendBatchBody = {
  limit?: number | undefined
  category?: string | undefined
  brand?: string | undefined
  channel?: string | undefined
  region?: string | undefined
  country?: string | undefined
  device?: string | undefined
  filter?: string | undefined
  min_score?: number | undefined
  price_min?: number | undefined
  price_max?: number | undefined
  age?: number | undefined
  users: string[]
  placement?: 'email' | 'home' | undefined

  /** As a job that writes files, also for few users */
  async?: boolean | undefined
}

export type NewProduct = {
  item_id?: ItemId | undefined

  /** An older name of item_id */
  product_id?: ItemId | undefined
  name: string
  price: number
  category?: string | undefined
  brand?: string | undefined

  /** What the shop pays for it; shown to nobody */
  cost?: number | undefined
  in_stock?: boolean | undefined

  /** Pieces: more than none is in stock */
  stock?: number | undefined
  tags?: string[] | undefined
  channels?: string[] | undefined
  regions?: string[] | undefined
  min_age?: number | undefined
  hidden?: boolean | undefined
}

export type ProductBody = {
  name: string
  price: number
  category?: string | undefined
  brand?: string | undefined

  /** What the shop pays for it; shown to nobody */
  cost?: number | undefined
  in_stock?: boolean | undefined

  /** Pieces: more than none is in stock */
  stock?: number | undefined
  tags?: string[] | undefined
  channels?: string[] | undefined
  regions?: string[] | undefined
  min_age?: number | undefined
  hidden?: boolean | undefined
}

export type ProductPatch = {
  name?: string | undefined
  price?: number | undefined
  category?: string | undefined
  brand?: string | undefined

  /** What the shop pays for it; shown to nobody */
  cost?: number | undefined
  in_stock?: boolean | undefined

  /** Pieces: more than none is in stock */
  stock?: number | undefined
  tags?: string[] | null | undefined
  channels?: string[] | null | undefined
  regions?: string[] | null | undefined
  min_age?: number | null | undefined
  hidden?: boolean | null | undefined
}

export type NewUser = {
  user_id: UserId
  country?: string | undefined
  region?: string | undefined
  city?: string | undefined
  birth_date?: string | string | undefined
  birth_year?: number | undefined
  age?: number | undefined
  gender?: string | undefined
  signup_date?: string | undefined
  loyalty_program?: string | undefined

  /** Masked before it is stored, and shown to nobody */
  email?: string | undefined

  /** Masked before it is stored, and shown to nobody */
  phone?: string | undefined

  /** Masked before it is stored, and shown to nobody */
  name?: string | undefined

  /** Masked before it is stored, and shown to nobody */
  first_name?: string | undefined

  /** Masked before it is stored, and shown to nobody */
  last_name?: string | undefined
}

export type UserBody = {
  country?: string | undefined
  region?: string | undefined
  city?: string | undefined
  birth_date?: string | string | undefined
  birth_year?: number | undefined
  age?: number | undefined
  gender?: string | undefined
  signup_date?: string | undefined
  loyalty_program?: string | undefined

  /** Masked before it is stored, and shown to nobody */
  email?: string | undefined

  /** Masked before it is stored, and shown to nobody */
  phone?: string | undefined

  /** Masked before it is stored, and shown to nobody */
  name?: string | undefined

  /** Masked before it is stored, and shown to nobody */
  first_name?: string | undefined

  /** Masked before it is stored, and shown to nobody */
  last_name?: string | undefined
}

export type UserPatch = {
  country?: string | undefined
  region?: string | undefined
  city?: string | undefined
  birth_date?: string | string | undefined
  birth_year?: number | undefined
  age?: number | undefined
  gender?: string | undefined
  signup_date?: string | undefined
  loyalty_program?: string | undefined

  /** Masked before it is stored, and shown to nobody */
  email?: string | undefined

  /** Masked before it is stored, and shown to nobody */
  phone?: string | undefined

  /** Masked before it is stored, and shown to nobody */
  name?: string | undefined

  /** Masked before it is stored, and shown to nobody */
  first_name?: string | undefined

  /** Masked before it is stored, and shown to nobody */
  last_name?: string | undefined
}

export type FeedbackBody = {
  item_id?: ItemId | undefined

  /** An older name of item_id */
  product_id?: ItemId | undefined
  value: 'up' | 'down'

  /** The list that showed it */
  recommendation_id?: string | undefined
}

export type PreferencesBody = {
  categories?: string[] | undefined
  brands?: string[] | undefined
  tags?: string[] | undefined
  price_min?: number | undefined
  price_max?: number | undefined
}

export type ConsentBody = { personalization: boolean; tracking: boolean }

export type ErasureBody = { user_id: UserId }

export type InteractionsBody =
  | {
      event_type: 'view' | 'click' | 'add_to_cart' | 'purchase' | 'rating' | 'feedback' | 'impression' | 'login'

      /** The shop’s name of the shopper; without it, session_id says whose event it is */
      user_id?: UserId | null | undefined

      /** A visitor’s session; a login ties it to its user_id */
      session_id?: string | undefined

      /** Of every event but a login; product_id is taken for it */
      item_id?: ItemId | undefined
      quantity?: number | undefined
      order_id?: string | undefined

      /** 1 to 5 of a rating; -1 or 1 of feedback */
      value?: number | undefined

      /** When it happened; without it, when it arrived */
      ts?: string | undefined

      /** Makes a repeat harmless; without it, one is given */
      event_id?: string | undefined

      /** The list that led to it */
      recommendation_id?: string | undefined

      /** Place in that list, from 1 */
      position?: number | undefined

      /** With which the item was shown there */
      propensity?: number | undefined
      [field: string]: unknown
    }
  | {
      event_type: 'view' | 'click' | 'add_to_cart' | 'purchase' | 'rating' | 'feedback' | 'impression' | 'login'

      /** The shop’s name of the shopper; without it, session_id says whose event it is */
      user_id?: UserId | null | undefined

      /** A visitor’s session; a login ties it to its user_id */
      session_id?: string | undefined

      /** Of every event but a login; product_id is taken for it */
      item_id?: ItemId | undefined
      quantity?: number | undefined
      order_id?: string | undefined

      /** 1 to 5 of a rating; -1 or 1 of feedback */
      value?: number | undefined

      /** When it happened; without it, when it arrived */
      ts?: string | undefined

      /** Makes a repeat harmless; without it, one is given */
      event_id?: string | undefined

      /** The list that led to it */
      recommendation_id?: string | undefined

      /** Place in that list, from 1 */
      position?: number | undefined

      /** With which the item was shown there */
      propensity?: number | undefined
      [field: string]: unknown
    }[]

export type TriggerBody = { job?: JobKind | undefined; refit?: boolean | undefined; restart?: string | undefined }

export type RollbackBody = { from?: string | undefined }

export type PlacementInput = {
  sources: { source: SourceName; weight: number; candidates?: number | undefined }[]
  backfill?: SourceName[] | undefined
  filters?: { name: string; expression: string; from?: string | undefined; until?: string | undefined }[] | undefined
  boosts?:
    | { name: string; expression: string; factor: number; from?: string | undefined; until?: string | undefined }[]
    | undefined
  rule_boost?: number | undefined
  pins?:
    | {
        item_id: ItemId
        position: number
        expression?: string | undefined
        from?: string | undefined
        until?: string | undefined
      }[]
    | undefined
  blocked?: ItemId[] | undefined
  include_bought?: boolean | undefined
  diversity?: number | undefined
  quota?: { by: 'category' | 'brand'; max: number } | undefined
  frequency_cap?: { times: number; hours: number } | undefined
  exploration?: number | undefined
  log_impressions?: boolean | undefined
}

export type BatchScheduleBody = { schedules: Partial<Record<ScheduleName, JobSchedule>> }

export type KeyBody = {
  name: string
  roles: ('reader' | 'writer' | 'operator' | 'admin' | 'privacy')[]
  expires_at?: string | undefined
}

export type ShopperTokenBody = {
  user_id?: UserId | undefined
  session_id?: SessionId | undefined
  seconds?: number | undefined
}

export type ConfigurationSetBody = {
  settings: {
    SWEEP_AFTER_SECONDS?: number | undefined
    CHUNK_SECONDS?: number | undefined
    EXPORT_LIMIT?: number | undefined
    EXPORT_POPULAR?: 'include' | 'leave_out' | undefined
    ACTIVE_LISTS?: 'off' | 'strong' | 'all' | undefined
    CACHE_TRUST_MS?: number | undefined
    SERVICE_REQUESTS_PER_SECOND?: number | undefined
    SHOPPER_REQUESTS_PER_SECOND?: number | undefined
    ADDRESS_REQUESTS_PER_SECOND?: number | undefined
    ADDRESS_REFUSALS_PER_SECOND?: number | undefined
    MONTHLY_BUDGET_DOLLARS?: number | undefined
  }
}

/** A method for each operation of the API. */
export abstract class Operations {
  protected abstract send<Answer>(operation: Operation, input: object, call: Call): Promise<Answer>

  /** A user’s list: trained lists, what the user and the given session did since, then what is popular */
  recommendUser(
    input: {
      id: UserId
      limit?: number | undefined
      category?: string | undefined
      brand?: string | undefined
      channel?: string | undefined
      region?: string | undefined
      country?: string | undefined
      device?: string | undefined
      filter?: string | undefined
      cursor?: string | undefined
      explain?: 'full' | undefined
      min_score?: number | undefined
      price_min?: number | undefined
      price_max?: number | undefined
      age?: number | undefined
      category_filter?: string | undefined
      session?: SessionId | undefined
      placement?: 'home' | 'email' | undefined
    },
    call: Call = {},
  ): Promise<ItemList> {
    return this.send(
      {
        method: 'GET',
        path: '/recommend/user/{id}',
        query: [
          'limit',
          'category',
          'brand',
          'channel',
          'region',
          'country',
          'device',
          'filter',
          'cursor',
          'explain',
          'min_score',
          'price_min',
          'price_max',
          'age',
          'category_filter',
          'session',
          'placement',
        ],
        hasBody: false,
        isSafe: true,
        takesKey: false,
        answers: 'json',
        alsoAnswers: [],
      },
      input,
      call,
    )
  }

  /** A visitor’s list, by what was done in the session; one that is not known gets what is popular */
  recommendSession(
    input: {
      id: SessionId
      limit?: number | undefined
      category?: string | undefined
      brand?: string | undefined
      channel?: string | undefined
      region?: string | undefined
      country?: string | undefined
      device?: string | undefined
      filter?: string | undefined
      cursor?: string | undefined
      explain?: 'full' | undefined
      min_score?: number | undefined
      price_min?: number | undefined
      price_max?: number | undefined
      age?: number | undefined
      placement?: 'home' | 'email' | undefined
    },
    call: Call = {},
  ): Promise<ItemList> {
    return this.send(
      {
        method: 'GET',
        path: '/recommend/session/{id}',
        query: [
          'limit',
          'category',
          'brand',
          'channel',
          'region',
          'country',
          'device',
          'filter',
          'cursor',
          'explain',
          'min_score',
          'price_min',
          'price_max',
          'age',
          'placement',
        ],
        hasBody: false,
        isSafe: true,
        takesKey: false,
        answers: 'json',
        alsoAnswers: [],
      },
      input,
      call,
    )
  }

  /** Items that go with an item: similar, bought together with it, or viewed by those who viewed it */
  recommendItem(
    input: {
      id: ItemId
      limit?: number | undefined
      category?: string | undefined
      brand?: string | undefined
      channel?: string | undefined
      region?: string | undefined
      country?: string | undefined
      device?: string | undefined
      filter?: string | undefined
      cursor?: string | undefined
      explain?: 'full' | undefined
      min_score?: number | undefined
      price_min?: number | undefined
      price_max?: number | undefined
      age?: number | undefined
      user?: UserId | undefined
      session?: SessionId | undefined
      placement?: 'similar' | 'bought_together' | 'also_viewed' | undefined
      kind?: 'hybrid' | 'als' | 'copurchase' | undefined
    },
    call: Call = {},
  ): Promise<ItemList> {
    return this.send(
      {
        method: 'GET',
        path: '/recommend/item/{id}',
        query: [
          'limit',
          'category',
          'brand',
          'channel',
          'region',
          'country',
          'device',
          'filter',
          'cursor',
          'explain',
          'min_score',
          'price_min',
          'price_max',
          'age',
          'user',
          'session',
          'placement',
          'kind',
        ],
        hasBody: false,
        isSafe: true,
        takesKey: false,
        answers: 'json',
        alsoAnswers: [],
      },
      input,
      call,
    )
  }

  /** What a category’s page shows, to this user if one is named */
  recommendCategory(
    input: {
      category: string
      limit?: number | undefined
      brand?: string | undefined
      channel?: string | undefined
      region?: string | undefined
      country?: string | undefined
      device?: string | undefined
      filter?: string | undefined
      cursor?: string | undefined
      explain?: 'full' | undefined
      min_score?: number | undefined
      price_min?: number | undefined
      price_max?: number | undefined
      age?: number | undefined
      user?: UserId | undefined
      session?: SessionId | undefined
    },
    call: Call = {},
  ): Promise<ItemList> {
    return this.send(
      {
        method: 'GET',
        path: '/recommend/category/{category}',
        query: [
          'limit',
          'brand',
          'channel',
          'region',
          'country',
          'device',
          'filter',
          'cursor',
          'explain',
          'min_score',
          'price_min',
          'price_max',
          'age',
          'user',
          'session',
        ],
        hasBody: false,
        isSafe: true,
        takesKey: false,
        answers: 'json',
        alsoAnswers: [],
      },
      input,
      call,
    )
  }

  /** Add-ons for a cart: what goes with all that is in it */
  recommendCart(
    input: {
      limit?: number | undefined
      category?: string | undefined
      brand?: string | undefined
      channel?: string | undefined
      region?: string | undefined
      country?: string | undefined
      device?: string | undefined
      filter?: string | undefined
      cursor?: string | undefined
      explain?: 'full' | undefined
      min_score?: number | undefined
      price_min?: number | undefined
      price_max?: number | undefined
      age?: number | undefined
      user?: UserId | undefined
      session?: SessionId | undefined
      items: ItemId[]
      placement?: 'cart' | 'checkout' | undefined
    },
    call: Call = {},
  ): Promise<ItemList> {
    return this.send(
      {
        method: 'GET',
        path: '/recommend/cart',
        query: [
          'limit',
          'category',
          'brand',
          'channel',
          'region',
          'country',
          'device',
          'filter',
          'cursor',
          'explain',
          'min_score',
          'price_min',
          'price_max',
          'age',
          'user',
          'session',
          'items',
          'placement',
        ],
        hasBody: false,
        isSafe: true,
        takesKey: false,
        answers: 'json',
        alsoAnswers: [],
      },
      input,
      call,
    )
  }

  /** Add-ons for a cart: what goes with all that is in it */
  recommendCartPosted(input: { body: CartBody }, call: Call = {}): Promise<ItemList> {
    return this.send(
      {
        method: 'POST',
        path: '/recommend/cart',
        query: [],
        hasBody: true,
        isSafe: true,
        takesKey: false,
        answers: 'json',
        alsoAnswers: [],
      },
      input,
      call,
    )
  }

  /** What a search engine found, in an order that knows the user: those items and no others */
  recommendSearch(input: { body: SearchBody }, call: Call = {}): Promise<ItemList> {
    return this.send(
      {
        method: 'POST',
        path: '/recommend/search',
        query: [],
        hasBody: true,
        isSafe: true,
        takesKey: false,
        answers: 'json',
        alsoAnswers: [],
      },
      input,
      call,
    )
  }

  /** The first stage that keeps an item out of a user’s list, or its place; the query is that of the list */
  whyNot(
    input: {
      id: UserId
      item: ItemId
      limit?: number | undefined
      category?: string | undefined
      brand?: string | undefined
      channel?: string | undefined
      region?: string | undefined
      country?: string | undefined
      device?: string | undefined
      filter?: string | undefined
      cursor?: string | undefined
      explain?: 'full' | undefined
      min_score?: number | undefined
      price_min?: number | undefined
      price_max?: number | undefined
      age?: number | undefined
      category_filter?: string | undefined
      session?: SessionId | undefined
      placement?: 'home' | 'email' | undefined
    },
    call: Call = {},
  ): Promise<WhyNot> {
    return this.send(
      {
        method: 'GET',
        path: '/recommend/user/{id}/why-not/{item}',
        query: [
          'limit',
          'category',
          'brand',
          'channel',
          'region',
          'country',
          'device',
          'filter',
          'cursor',
          'explain',
          'min_score',
          'price_min',
          'price_max',
          'age',
          'category_filter',
          'session',
          'placement',
        ],
        hasBody: false,
        isSafe: true,
        takesKey: false,
        answers: 'json',
        alsoAnswers: [],
      },
      input,
      call,
    )
  }

  /** Lists of up to 100 users in the order sent, each its own or why there is none; of more, up to 10,000, or with async, a job that writes files. Nothing of them is left to chance, and none counts as shown */
  recommendBatch(input: { body: RecommendBatchBody }, call: Call = {}): Promise<RecommendBatchAnswer> {
    return this.send(
      {
        method: 'POST',
        path: '/api/recommendations/batch',
        query: [],
        hasBody: true,
        isSafe: false,
        takesKey: true,
        answers: 'json',
        alsoAnswers: [],
      },
      input,
      call,
    )
  }

  /** What the shop, or one category, is after now */
  trending(
    input: {
      limit?: number | undefined
      category?: string | undefined
      brand?: string | undefined
      channel?: string | undefined
      region?: string | undefined
      country?: string | undefined
      device?: string | undefined
      filter?: string | undefined
      cursor?: string | undefined
      explain?: 'full' | undefined
      min_score?: number | undefined
      price_min?: number | undefined
      price_max?: number | undefined
      age?: number | undefined
    } = {},
    call: Call = {},
  ): Promise<ItemList> {
    return this.send(
      {
        method: 'GET',
        path: '/api/trending',
        query: [
          'limit',
          'category',
          'brand',
          'channel',
          'region',
          'country',
          'device',
          'filter',
          'cursor',
          'explain',
          'min_score',
          'price_min',
          'price_max',
          'age',
        ],
        hasBody: false,
        isSafe: true,
        takesKey: false,
        answers: 'json',
        alsoAnswers: [],
      },
      input,
      call,
    )
  }

  /** Association rules with the item on their left side: support, confidence, lift, leverage, conviction */
  rules(
    input: {
      id: ItemId
      limit?: number | undefined
      min_confidence?: number | undefined
      min_lift?: number | undefined
    },
    call: Call = {},
  ): Promise<RuleList> {
    return this.send(
      {
        method: 'GET',
        path: '/rules/{id}',
        query: ['limit', 'min_confidence', 'min_lift'],
        hasBody: false,
        isSafe: true,
        takesKey: false,
        answers: 'json',
        alsoAnswers: [],
      },
      input,
      call,
    )
  }

  /** The catalogue, page by page: by words, category, brand, tag, price and stock; by name, price, newest or popularity */
  products(
    input: {
      limit?: number | undefined
      cursor?: string | undefined

      /** Words, or how they begin, of name, brand, category, tags or id; marks on letters do not count */
      q?: string | undefined

      /** An older name of q */
      search?: string | undefined
      category?: string | undefined
      brand?: string | undefined
      tag?: string | undefined
      price_min?: number | undefined
      price_max?: number | undefined
      in_stock?: 'true' | 'false' | undefined

      /** For operators: only what is hidden from lists, or only what is not */
      hidden?: 'true' | 'false' | undefined
      sort?: 'name' | 'price' | '-price' | 'newest' | 'popularity' | undefined
    } = {},
    call: Call = {},
  ): Promise<ProductPage> {
    return this.send(
      {
        method: 'GET',
        path: '/api/products',
        query: [
          'limit',
          'cursor',
          'q',
          'search',
          'category',
          'brand',
          'tag',
          'price_min',
          'price_max',
          'in_stock',
          'hidden',
          'sort',
        ],
        hasBody: false,
        isSafe: true,
        takesKey: false,
        answers: 'json',
        alsoAnswers: [],
      },
      input,
      call,
    )
  }

  /** Brings a new product into the catalogue. It goes the way of all changes of the catalogue and is served within a second or two */
  productCreate(input: { body: NewProduct }, call: Call = {}): Promise<AcceptedChange> {
    return this.send(
      {
        method: 'POST',
        path: '/api/products',
        query: [],
        hasBody: true,
        isSafe: false,
        takesKey: true,
        answers: 'json',
        alsoAnswers: [],
      },
      input,
      call,
    )
  }

  /** One product, with the version that a change of it may name */
  product(input: { id: ItemId }, call: Call = {}): Promise<ProductDetails> {
    return this.send(
      {
        method: 'GET',
        path: '/api/products/{id}',
        query: [],
        hasBody: false,
        isSafe: true,
        takesKey: false,
        answers: 'json',
        alsoAnswers: [],
      },
      input,
      call,
    )
  }

  /** Sets all of a product, or makes it: what is left out is as of a new one, but brand and cost stay. It goes the way of all changes of the catalogue and is served within a second or two */
  productSet(input: { id: ItemId; body: ProductBody }, call: Call = {}): Promise<AcceptedChange> {
    return this.send(
      {
        method: 'PUT',
        path: '/api/products/{id}',
        query: [],
        hasBody: true,
        isSafe: false,
        takesKey: false,
        answers: 'json',
        alsoAnswers: [],
      },
      input,
      call,
    )
  }

  /** Changes some of a product, as a merge patch (RFC 7396). It goes the way of all changes of the catalogue and is served within a second or two */
  productPatch(input: { id: ItemId; body: ProductPatch }, call: Call = {}): Promise<AcceptedChange> {
    return this.send(
      {
        method: 'PATCH',
        path: '/api/products/{id}',
        query: [],
        hasBody: true,
        isSafe: false,
        takesKey: false,
        answers: 'json',
        alsoAnswers: [],
      },
      input,
      call,
    )
  }

  /** Takes a product out of the catalogue and of all lists. It goes the way of all changes of the catalogue and is served within a second or two */
  productDelete(input: { id: ItemId }, call: Call = {}): Promise<AcceptedChange> {
    return this.send(
      {
        method: 'DELETE',
        path: '/api/products/{id}',
        query: [],
        hasBody: false,
        isSafe: false,
        takesKey: false,
        answers: 'json',
        alsoAnswers: [],
      },
      input,
      call,
    )
  }

  /** All categories with how many products they have, the largest first */
  categories(call: Call = {}): Promise<CategoryList> {
    return this.send(
      {
        method: 'GET',
        path: '/api/categories',
        query: [],
        hasBody: false,
        isSafe: true,
        takesKey: false,
        answers: 'json',
        alsoAnswers: [],
      },
      {},
      call,
    )
  }

  /** The customers’ records, page by page in order of id: all, of a country, or of a segment */
  users(
    input: {
      limit?: number | undefined
      cursor?: string | undefined
      country?: string | undefined

      /** champions, loyal, new, at risk, lost, others */
      segment?: string | undefined
    } = {},
    call: Call = {},
  ): Promise<UserPage> {
    return this.send(
      {
        method: 'GET',
        path: '/api/users',
        query: ['limit', 'cursor', 'country', 'segment'],
        hasBody: false,
        isSafe: true,
        takesKey: false,
        answers: 'json',
        alsoAnswers: [],
      },
      input,
      call,
    )
  }

  /** Makes a customer’s record, served within a second or two. Names, e-mails and phones are masked before anything is stored */
  userCreate(input: { body: NewUser }, call: Call = {}): Promise<AcceptedUserChange> {
    return this.send(
      {
        method: 'POST',
        path: '/api/users',
        query: [],
        hasBody: true,
        isSafe: false,
        takesKey: true,
        answers: 'json',
        alsoAnswers: [],
      },
      input,
      call,
    )
  }

  /** A customer’s record: country, segment, loyalty and what the orders come to, as far as the lake knows them */
  user(input: { id: UserId }, call: Call = {}): Promise<UserAnswer> {
    return this.send(
      {
        method: 'GET',
        path: '/api/users/{id}',
        query: [],
        hasBody: false,
        isSafe: true,
        takesKey: false,
        answers: 'json',
        alsoAnswers: [],
      },
      input,
      call,
    )
  }

  /** Sets a customer’s record, or makes it; a value that is left out stays. Names, e-mails and phones are masked before anything is stored */
  userSet(input: { id: UserId; body?: UserBody | undefined }, call: Call = {}): Promise<AcceptedUserChange> {
    return this.send(
      {
        method: 'PUT',
        path: '/api/users/{id}',
        query: [],
        hasBody: true,
        isSafe: false,
        takesKey: false,
        answers: 'json',
        alsoAnswers: [],
      },
      input,
      call,
    )
  }

  /** Changes some of a customer’s record. Names, e-mails and phones are masked before anything is stored */
  userPatch(input: { id: UserId; body: UserPatch }, call: Call = {}): Promise<AcceptedUserChange> {
    return this.send(
      {
        method: 'PATCH',
        path: '/api/users/{id}',
        query: [],
        hasBody: true,
        isSafe: false,
        takesKey: false,
        answers: 'json',
        alsoAnswers: [],
      },
      input,
      call,
    )
  }

  /** Takes a customer’s record away and nothing else: what the person did stays known; to forget a person is an erasure */
  userDelete(input: { id: UserId }, call: Call = {}): Promise<AcceptedUserChange> {
    return this.send(
      {
        method: 'DELETE',
        path: '/api/users/{id}',
        query: [],
        hasBody: false,
        isSafe: false,
        takesKey: false,
        answers: 'json',
        alsoAnswers: [],
      },
      input,
      call,
    )
  }

  /** What is known of a user: segment, loyalty, value, recent events, purchases, favourite categories */
  userProfile(input: { id: UserId }, call: Call = {}): Promise<UserProfile> {
    return this.send(
      {
        method: 'GET',
        path: '/api/users/{id}/profile',
        query: [],
        hasBody: false,
        isSafe: true,
        takesKey: false,
        answers: 'json',
        alsoAnswers: [],
      },
      input,
      call,
    )
  }

  /** What a user did of late, the newest first: the last 50 events are kept at hand */
  userInteractions(
    input: {
      id: UserId
      limit?: number | undefined
      cursor?: string | undefined
      event_type?: 'view' | 'click' | 'add_to_cart' | 'purchase' | 'rating' | 'feedback' | 'impression' | undefined
    },
    call: Call = {},
  ): Promise<UserInteractions> {
    return this.send(
      {
        method: 'GET',
        path: '/api/users/{id}/interactions',
        query: ['limit', 'cursor', 'event_type'],
        hasBody: false,
        isSafe: true,
        takesKey: false,
        answers: 'json',
        alsoAnswers: [],
      },
      input,
      call,
    )
  }

  /** A thumb up or down for an item, taken in as an event: what has a thumb down is listed no more */
  feedback(input: { id: UserId; body: FeedbackBody }, call: Call = {}): Promise<AcceptedInteractions> {
    return this.send(
      {
        method: 'POST',
        path: '/api/users/{id}/feedback',
        query: [],
        hasBody: true,
        isSafe: false,
        takesKey: true,
        answers: 'json',
        alsoAnswers: [],
      },
      input,
      call,
    )
  }

  /** What a user told to like; empty of who told nothing */
  preferences(input: { id: UserId }, call: Call = {}): Promise<PreferencesAnswer> {
    return this.send(
      {
        method: 'GET',
        path: '/api/users/{id}/preferences',
        query: [],
        hasBody: false,
        isSafe: true,
        takesKey: false,
        answers: 'json',
        alsoAnswers: [],
      },
      input,
      call,
    )
  }

  /** Keeps what a user likes, in the place of what was told before */
  preferencesSet(
    input: { id: UserId; body?: PreferencesBody | undefined },
    call: Call = {},
  ): Promise<PreferencesAnswer> {
    return this.send(
      {
        method: 'POST',
        path: '/api/users/{id}/preferences',
        query: [],
        hasBody: true,
        isSafe: false,
        takesKey: true,
        answers: 'json',
        alsoAnswers: [],
      },
      input,
      call,
    )
  }

  /** What a user allows; who never told anything allows both */
  consent(input: { id: UserId }, call: Call = {}): Promise<ConsentAnswer> {
    return this.send(
      {
        method: 'GET',
        path: '/api/users/{id}/consent',
        query: [],
        hasBody: false,
        isSafe: true,
        takesKey: false,
        answers: 'json',
        alsoAnswers: [],
      },
      input,
      call,
    )
  }

  /** Keeps what a user, or a visitor as session:ID, allows: lists that go by what is known, and keeping what is done; both count from the next request on */
  consentSet(input: { id: UserId; body: ConsentBody }, call: Call = {}): Promise<ConsentAnswer> {
    return this.send(
      {
        method: 'PUT',
        path: '/api/users/{id}/consent',
        query: [],
        hasBody: true,
        isSafe: false,
        takesKey: false,
        answers: 'json',
        alsoAnswers: [],
      },
      input,
      call,
    )
  }

  /** Everything that is kept of a person, store by store, as it is stored; of each table of the lake the newest 1,000 rows and how many there are */
  personExport(input: { id: UserId }, call: Call = {}): Promise<PersonExport> {
    return this.send(
      {
        method: 'GET',
        path: '/api/privacy/users/{id}/export',
        query: [],
        hasBody: false,
        isSafe: true,
        takesKey: false,
        answers: 'json',
        alsoAnswers: [],
      },
      input,
      call,
    )
  }

  /** Erases a person from every store: from now on nothing more is taken in, and a job removes what there is; asked again before it is done, it is the same erasure */
  erasureRequest(input: { body: ErasureBody }, call: Call = {}): Promise<ErasureAnswer> {
    return this.send(
      {
        method: 'POST',
        path: '/api/privacy/erasures',
        query: [],
        hasBody: true,
        isSafe: false,
        takesKey: true,
        answers: 'json',
        alsoAnswers: [],
      },
      input,
      call,
    )
  }

  /** Erasures, the newest first, without the ids of people */
  erasures(
    input: { limit?: number | undefined; cursor?: string | undefined; status?: ErasureStatus | undefined } = {},
    call: Call = {},
  ): Promise<ErasureList> {
    return this.send(
      {
        method: 'GET',
        path: '/api/privacy/erasures',
        query: ['limit', 'cursor', 'status'],
        hasBody: false,
        isSafe: true,
        takesKey: false,
        answers: 'json',
        alsoAnswers: [],
      },
      input,
      call,
    )
  }

  /** How far an erasure is, and when it is done its certificate: every store with what was found, removed and found again, and what is gone only later */
  erasure(input: { id: string }, call: Call = {}): Promise<CertifiedErasure> {
    return this.send(
      {
        method: 'GET',
        path: '/api/privacy/erasures/{id}',
        query: [],
        hasBody: false,
        isSafe: true,
        takesKey: false,
        answers: 'json',
        alsoAnswers: [],
      },
      input,
      call,
    )
  }

  /** Lets an erased person come back under the same id: what happens from now on is kept again */
  tombstoneLift(input: { id: UserId }, call: Call = {}): Promise<LiftedTombstone> {
    return this.send(
      {
        method: 'DELETE',
        path: '/api/privacy/tombstones/{id}',
        query: [],
        hasBody: false,
        isSafe: false,
        takesKey: false,
        answers: 'json',
        alsoAnswers: [],
      },
      input,
      call,
    )
  }

  /** Takes in what shoppers do: one event, or an array of up to 1,000 */
  interactions(input: { body: InteractionsBody }, call: Call = {}): Promise<AcceptedInteractions> {
    return this.send(
      {
        method: 'POST',
        path: '/api/interactions',
        query: [],
        hasBody: true,
        isSafe: false,
        takesKey: true,
        answers: 'json',
        alsoAnswers: [],
      },
      input,
      call,
    )
  }

  /** Starts a job now, or with restart lets a failed one go on where it stopped; the header idempotency-key makes a repeated call give the same job */
  batchTrigger(input: { body?: TriggerBody | undefined } = {}, call: Call = {}): Promise<TriggeredJob> {
    return this.send(
      {
        method: 'POST',
        path: '/api/batch/trigger',
        query: [],
        hasBody: true,
        isSafe: false,
        takesKey: true,
        answers: 'json',
        alsoAnswers: [],
      },
      input,
      call,
    )
  }

  /** How far a job is: percent, time left, errors; without ?job= the newest of its kind */
  batchStatus(
    input: { job?: string | undefined; kind?: JobKind | undefined } = {},
    call: Call = {},
  ): Promise<JobStatus> {
    return this.send(
      {
        method: 'GET',
        path: '/api/batch/status',
        query: ['job', 'kind'],
        hasBody: false,
        isSafe: true,
        takesKey: false,
        answers: 'json',
        alsoAnswers: [],
      },
      input,
      call,
    )
  }

  /** Ends a job: workers stop after the chunk they are at; a job that has ended is left as it is */
  batchCancel(input: { job: string }, call: Call = {}): Promise<JobStatus> {
    return this.send(
      {
        method: 'POST',
        path: '/api/batch/jobs/{job}/cancel',
        query: [],
        hasBody: false,
        isSafe: false,
        takesKey: true,
        answers: 'json',
        alsoAnswers: [],
      },
      input,
      call,
    )
  }

  /** The newest jobs first */
  batchJobs(
    input: {
      limit?: number | undefined
      cursor?: string | undefined
      kind?: JobKind | undefined
      status?: RunStatus | undefined
    } = {},
    call: Call = {},
  ): Promise<JobList> {
    return this.send(
      {
        method: 'GET',
        path: '/api/batch/jobs',
        query: ['limit', 'cursor', 'kind', 'status'],
        hasBody: false,
        isSafe: true,
        takesKey: false,
        answers: 'json',
        alsoAnswers: [],
      },
      input,
      call,
    )
  }

  /** A job’s log: one JSON object a line, oldest first; from a level on, the last lines alone, or to be kept as a file */
  batchLogs(
    input: {
      job: string

      /** Only lines of this level or worse */
      level?: 'info' | 'warn' | 'error' | undefined

      /** Only so many, the last ones */
      tail?: number | undefined

      /** 1: as a file to be kept */
      download?: '0' | '1' | undefined
    },
    call: Call = {},
  ): Promise<string> {
    return this.send(
      {
        method: 'GET',
        path: '/api/batch/logs/{job}',
        query: ['level', 'tail', 'download'],
        hasBody: false,
        isSafe: true,
        takesKey: false,
        answers: 'text',
        alsoAnswers: [],
      },
      input,
      call,
    )
  }

  /** Exports of lists, the newest first, each with its files and their sizes */
  exports(
    input: { limit?: number | undefined; cursor?: string | undefined } = {},
    call: Call = {},
  ): Promise<ExportsAnswer> {
    return this.send(
      {
        method: 'GET',
        path: '/api/exports',
        query: ['limit', 'cursor'],
        hasBody: false,
        isSafe: true,
        takesKey: false,
        answers: 'json',
        alsoAnswers: [],
      },
      input,
      call,
    )
  }

  /** One export: how it is, and its files once all are complete */
  export(input: { job: string }, call: Call = {}): Promise<ExportAnswer> {
    return this.send(
      {
        method: 'GET',
        path: '/api/exports/{job}',
        query: [],
        hasBody: false,
        isSafe: true,
        takesKey: false,
        answers: 'json',
        alsoAnswers: [],
      },
      input,
      call,
    )
  }

  /** A file of an export, whole or one range of its bytes (header range) */
  exportFile(input: { job: string; file: string }, call: Call = {}): Promise<string> {
    return this.send(
      {
        method: 'GET',
        path: '/api/exports/{job}/{file}',
        query: [],
        hasBody: false,
        isSafe: true,
        takesKey: false,
        answers: 'text',
        alsoAnswers: [],
      },
      input,
      call,
    )
  }

  /** Published models, the newest first: which is live, and which one can go back to */
  models(input: { limit?: number | undefined } = {}, call: Call = {}): Promise<ModelList> {
    return this.send(
      {
        method: 'GET',
        path: '/api/models',
        query: ['limit'],
        hasBody: false,
        isSafe: true,
        takesKey: false,
        answers: 'json',
        alsoAnswers: [],
      },
      input,
      call,
    )
  }

  /** A published model: parameters, counts, certificate, and its lineage: the tables it was trained on, the fit it adds to */
  model(input: { version: string }, call: Call = {}): Promise<ModelAnswer> {
    return this.send(
      {
        method: 'GET',
        path: '/api/models/{version}',
        query: [],
        hasBody: false,
        isSafe: true,
        takesKey: false,
        answers: 'json',
        alsoAnswers: [],
      },
      input,
      call,
    )
  }

  /** Makes the model before the live one live again; `from` names the one to leave, and a repeat changes nothing */
  modelsRollback(input: { body?: RollbackBody | undefined } = {}, call: Call = {}): Promise<RolledBack> {
    return this.send(
      {
        method: 'POST',
        path: '/api/models/rollback',
        query: [],
        hasBody: true,
        isSafe: false,
        takesKey: true,
        answers: 'json',
        alsoAnswers: [],
      },
      input,
      call,
    )
  }

  /** How the lists of each placement are made: as it is in force, and the app’s default */
  placements(call: Call = {}): Promise<PlacementList> {
    return this.send(
      {
        method: 'GET',
        path: '/api/placements',
        query: [],
        hasBody: false,
        isSafe: true,
        takesKey: false,
        answers: 'json',
        alsoAnswers: [],
      },
      {},
      call,
    )
  }

  /** Sets how the lists of a placement are made; what is left out is as in the schema, not as it was */
  placementSet(input: { name: PlacementName; body: PlacementInput }, call: Call = {}): Promise<PlacementAnswer> {
    return this.send(
      {
        method: 'PUT',
        path: '/api/placements/{name}',
        query: [],
        hasBody: true,
        isSafe: false,
        takesKey: false,
        answers: 'json',
        alsoAnswers: [],
      },
      input,
      call,
    )
  }

  /** Brings a placement back to the app’s default */
  placementReset(input: { name: PlacementName }, call: Call = {}): Promise<PlacementAnswer> {
    return this.send(
      {
        method: 'DELETE',
        path: '/api/placements/{name}',
        query: [],
        hasBody: false,
        isSafe: false,
        takesKey: false,
        answers: 'json',
        alsoAnswers: [],
      },
      input,
      call,
    )
  }

  /** When each job runs, next and last; the header etag is what if-match of a change takes */
  batchSchedule(call: Call = {}): Promise<BatchScheduleAnswer> {
    return this.send(
      {
        method: 'GET',
        path: '/api/config/batch-schedule',
        query: [],
        hasBody: false,
        isSafe: true,
        takesKey: false,
        answers: 'json',
        alsoAnswers: [],
      },
      {},
      call,
    )
  }

  /** Sets when jobs run, in force within a minute: NCRONTAB in UTC, every so many seconds, or off; what is left out goes by the app’s setting */
  batchScheduleSet(input: { body: BatchScheduleBody }, call: Call = {}): Promise<BatchScheduleAnswer> {
    return this.send(
      {
        method: 'PUT',
        path: '/api/config/batch-schedule',
        query: [],
        hasBody: true,
        isSafe: false,
        takesKey: false,
        answers: 'json',
        alsoAnswers: [],
      },
      input,
      call,
    )
  }

  /** How many users have a published list, how much of the catalogue is in them and how old they are; what the instance that answers holds in memory: hits, misses, bytes */
  cacheStats(call: Call = {}): Promise<CacheStats> {
    return this.send(
      {
        method: 'GET',
        path: '/api/cache/stats',
        query: [],
        hasBody: false,
        isSafe: true,
        takesKey: false,
        answers: 'json',
        alsoAnswers: [],
      },
      {},
      call,
    )
  }

  /** Makes every instance read a user anew: the next list, at most a second from now, is made from what is stored */
  cacheDrop(input: { id: UserId }, call: Call = {}): Promise<CacheDropped> {
    return this.send(
      {
        method: 'DELETE',
        path: '/api/cache/{id}',
        query: [],
        hasBody: false,
        isSafe: false,
        takesKey: false,
        answers: 'json',
        alsoAnswers: [],
      },
      input,
      call,
    )
  }

  /** Makes every instance read everything anew, within some seconds */
  cacheInvalidateAll(call: Call = {}): Promise<CacheInvalidated> {
    return this.send(
      {
        method: 'POST',
        path: '/api/cache/invalidate-all',
        query: [],
        hasBody: false,
        isSafe: false,
        takesKey: true,
        answers: 'json',
        alsoAnswers: [],
      },
      {},
      call,
    )
  }

  /** What this month has cost so far and will have cost, line by line, and whether its budget slows anything */
  costs(call: Call = {}): Promise<CostsAnswer> {
    return this.send(
      {
        method: 'GET',
        path: '/api/costs',
        query: [],
        hasBody: false,
        isSafe: true,
        takesKey: false,
        answers: 'json',
        alsoAnswers: [],
      },
      {},
      call,
    )
  }

  /** What was done and refused on routes of operators, administrators and privacy: the newest first */
  audit(
    input: {
      from?: string | undefined
      to?: string | undefined
      limit?: number | undefined
      cursor?: string | undefined
    } = {},
    call: Call = {},
  ): Promise<AuditAnswer> {
    return this.send(
      {
        method: 'GET',
        path: '/api/audit',
        query: ['from', 'to', 'limit', 'cursor'],
        hasBody: false,
        isSafe: true,
        takesKey: false,
        answers: 'json',
        alsoAnswers: [],
      },
      input,
      call,
    )
  }

  /** The service keys, without their secrets */
  keys(call: Call = {}): Promise<KeyList> {
    return this.send(
      {
        method: 'GET',
        path: '/api/keys',
        query: [],
        hasBody: false,
        isSafe: true,
        takesKey: false,
        answers: 'json',
        alsoAnswers: [],
      },
      {},
      call,
    )
  }

  /** Makes a key for a service of the shop; the answer alone holds it */
  keyCreate(input: { body: KeyBody }, call: Call = {}): Promise<NewKey> {
    return this.send(
      {
        method: 'POST',
        path: '/api/keys',
        query: [],
        hasBody: true,
        isSafe: false,
        takesKey: true,
        answers: 'json',
        alsoAnswers: [],
      },
      input,
      call,
    )
  }

  /** Takes a key back: within five seconds it opens nothing in any instance */
  keyDelete(input: { id: string }, call: Call = {}): Promise<KeyAnswer> {
    return this.send(
      {
        method: 'DELETE',
        path: '/api/keys/{id}',
        query: [],
        hasBody: false,
        isSafe: false,
        takesKey: false,
        answers: 'json',
        alsoAnswers: [],
      },
      input,
      call,
    )
  }

  /** A token for a shopper’s browser or app: it opens what is the shopper’s own, and the catalogue */
  shopperToken(input: { body: ShopperTokenBody }, call: Call = {}): Promise<ShopperToken> {
    return this.send(
      {
        method: 'POST',
        path: '/api/shopper-tokens',
        query: [],
        hasBody: true,
        isSafe: true,
        takesKey: false,
        answers: 'json',
        alsoAnswers: [],
      },
      input,
      call,
    )
  }

  /** Every setting, its value in force and where that comes from; of secrets only whether they are set */
  configuration(call: Call = {}): Promise<ConfigurationAnswer> {
    return this.send(
      {
        method: 'GET',
        path: '/api/config',
        query: [],
        hasBody: false,
        isSafe: true,
        takesKey: false,
        answers: 'json',
        alsoAnswers: [],
      },
      {},
      call,
    )
  }

  /** Sets settings at run time, in force within seconds in all instances; what is left out is as the environment has it */
  configurationSet(input: { body: ConfigurationSetBody }, call: Call = {}): Promise<ConfigurationAnswer> {
    return this.send(
      {
        method: 'PUT',
        path: '/api/config',
        query: [],
        hasBody: true,
        isSafe: false,
        takesKey: false,
        answers: 'json',
        alsoAnswers: [],
      },
      input,
      call,
    )
  }

  /** Brings a setting back to what the environment has */
  configurationReset(input: { name: string }, call: Call = {}): Promise<ConfigurationAnswer> {
    return this.send(
      {
        method: 'DELETE',
        path: '/api/config/{name}',
        query: [],
        hasBody: false,
        isSafe: false,
        takesKey: false,
        answers: 'json',
        alsoAnswers: [],
      },
      input,
      call,
    )
  }

  /** Live, ready (a catalogue and a published generation are there), and each dependency; 503 when not ready */
  health(call: Call = {}): Promise<Health> {
    return this.send(
      {
        method: 'GET',
        path: '/health',
        query: [],
        hasBody: false,
        isSafe: true,
        takesKey: false,
        answers: 'json',
        alsoAnswers: [503],
      },
      {},
      call,
    )
  }

  /** That the process runs: no dependency is asked, so that none makes a supervisor restart what is well */
  healthLive(call: Call = {}): Promise<HealthLiveAnswer> {
    return this.send(
      {
        method: 'GET',
        path: '/health/live',
        query: [],
        hasBody: false,
        isSafe: true,
        takesKey: false,
        answers: 'json',
        alsoAnswers: [],
      },
      {},
      call,
    )
  }

  /** Whether this instance should be sent requests: a catalogue, published lists, the model in memory; 503 until then */
  healthReady(call: Call = {}): Promise<HealthReadyAnswer> {
    return this.send(
      {
        method: 'GET',
        path: '/health/ready',
        query: [],
        hasBody: false,
        isSafe: true,
        takesKey: false,
        answers: 'json',
        alsoAnswers: [503],
      },
      {},
      call,
    )
  }

  /** What this is: the app’s version, the live model, when and on what it was trained, counts, placements */
  metadata(call: Call = {}): Promise<MetadataAnswer> {
    return this.send(
      {
        method: 'GET',
        path: '/api/metadata',
        query: [],
        hasBody: false,
        isSafe: true,
        takesKey: false,
        answers: 'json',
        alsoAnswers: [],
      },
      {},
      call,
    )
  }

  /** Figures of the instance that answers, as Prometheus reads them: each instance has its own, from its start */
  metrics(call: Call = {}): Promise<string> {
    return this.send(
      {
        method: 'GET',
        path: '/metrics',
        query: [],
        hasBody: false,
        isSafe: true,
        takesKey: false,
        answers: 'text',
        alsoAnswers: [],
      },
      {},
      call,
    )
  }

  /** This document: OpenAPI 3.1 */
  openapi(call: Call = {}): Promise<Record<string, unknown>> {
    return this.send(
      {
        method: 'GET',
        path: '/openapi.json',
        query: [],
        hasBody: false,
        isSafe: true,
        takesKey: false,
        answers: 'json',
        alsoAnswers: [],
      },
      {},
      call,
    )
  }
}
