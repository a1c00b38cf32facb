import { z } from 'zod'
import * as answers from '../../schemas/answers.ts'
import * as explanation from '../../schemas/explanation.ts'
import * as ids from '../../schemas/ids.ts'
import * as placements from '../../schemas/placements.ts'
import * as preferences from '../../schemas/preferences.ts'
import * as problem from '../../schemas/problem.ts'
import * as reason from '../../schemas/reason.ts'
import * as requests from '../../schemas/requests.ts'
import * as run from '../../schemas/run.ts'
import * as tuning from '../../schemas/tuning.ts'

const files = [answers, explanation, ids, placements, preferences, problem, reason, requests, run, tuning]

/** What schemas are called in the document: as they are exported. */
export const schemaNames: ReadonlyMap<z.ZodType, string> = new Map(
  files.flatMap(file =>
    Object.entries<unknown>(file).flatMap(([name, schema]) =>
      schema instanceof z.ZodType ? [[schema, name] as const] : [],
    ),
  ),
)
