import { z } from 'zod'
import * as answers from '../../schemas/answers.ts'
import * as cache from '../../schemas/cache.ts'
import * as configuration from '../../schemas/configuration.ts'
import * as consent from '../../schemas/consent.ts'
import * as erasure from '../../schemas/erasure.ts'
import * as explanation from '../../schemas/explanation.ts'
import * as ids from '../../schemas/ids.ts'
import * as placements from '../../schemas/placements.ts'
import * as preferences from '../../schemas/preferences.ts'
import * as privacyAnswers from '../../schemas/privacy-answers.ts'
import * as problem from '../../schemas/problem.ts'
import * as products from '../../schemas/products.ts'
import * as reason from '../../schemas/reason.ts'
import * as requests from '../../schemas/requests.ts'
import * as run from '../../schemas/run.ts'
import * as schedule from '../../schemas/schedule.ts'
import * as serviceKeys from '../../schemas/service-keys.ts'
import * as shopperTokens from '../../schemas/shopper-tokens.ts'
import * as tuning from '../../schemas/tuning.ts'
import * as users from '../../schemas/users.ts'

// biome-ignore format: a word a line, so that two additions do not collide
const files = [
  answers,
  cache,
  configuration,
  consent,
  erasure,
  explanation,
  ids,
  placements,
  preferences,
  privacyAnswers,
  problem,
  products,
  reason,
  requests,
  run,
  schedule,
  serviceKeys,
  shopperTokens,
  tuning,
  users,
]

/** What schemas are called in the document: as they are exported. */
export const schemaNames: ReadonlyMap<z.ZodType, string> = new Map(
  files.flatMap(file =>
    Object.entries<unknown>(file).flatMap(([name, schema]) =>
      schema instanceof z.ZodType && /^[A-Z]/.test(name) ? [[schema, name] as const] : [],
    ),
  ),
)
