import { z } from 'zod'

const Ms = z.int().min(0).max(600_000)
const DelayMs = z
  .union([Ms, z.tuple([Ms, Ms])], { error: 'must be milliseconds up to 600000, or [least, most]' })
  .transform((ms): readonly [number, number] => (typeof ms === 'number' ? [ms, ms] : ms))
  .refine(([leastMs, mostMs]) => leastMs <= mostMs, { error: 'must name the least first' })
/** Before the server does the work, or after it and before the answer leaves. */
const when = z.enum(['before', 'after']).default('before')

/** The answer waits. */
const Delay = z.strictObject({ type: z.literal('delay'), ms: DelayMs, when })
/** New connections are reset. */
const Refuse = z.strictObject({ type: z.literal('refuse') })
/** The connection is cut; after the work its acknowledgement is lost. */
const Drop = z.strictObject({ type: z.literal('drop'), when })
/** An HTTP status in place of the answer. */
const Status = z.strictObject({
  type: z.literal('status'),
  status: z.int().min(400).max(599),
  substatus: z.int().min(0).optional(),
  retryAfterMs: Ms.optional(),
  when,
})
/** An AMQP condition in place of the acceptance; these two have short names. */
const Condition = z.strictObject({
  type: z.literal('error'),
  condition: z
    .string()
    .transform(name => shortConditions[name] ?? name)
    .pipe(
      z.string().regex(/^[a-z.-]+:[a-z:-]+$/, { error: 'must be server-busy, internal-error or a full condition' }),
    ),
  description: z.string().default('A fault on request'),
  when,
})
const shortConditions: Readonly<Record<string, string>> = {
  'server-busy': 'com.microsoft:server-busy',
  'internal-error': 'amqp:internal-error',
}

export const HttpAction = z.discriminatedUnion('type', [Delay, Refuse, Drop, Status], {
  error: 'must be of type delay, refuse, drop or status',
})
export type HttpAction = z.infer<typeof HttpAction>
export const AmqpAction = z.discriminatedUnion('type', [Delay, Refuse, Drop, Condition], {
  error: 'must be of type delay, refuse, drop or error',
})
export type AmqpAction = z.infer<typeof AmqpAction>

/** Text in which `*` stands for anything, or several of them; upper and lower case are the same. */
const Pattern = z.union([z.string(), z.array(z.string()).min(1)], { error: 'must be text or a list of texts' })
const Count = z.int().min(1)
const Step = z.union([z.strictObject({ pass: Count }), z.strictObject({ fail: Count })], {
  error: 'must be {pass: n} or {fail: n} with n of at least 1',
})

/** A rule as it is parsed, of the actions its server can do. */
export interface FaultRule<Action> {
  match: Readonly<Record<string, string | string[]>>
  action: Action
  rate?: number | undefined
  seed: number
  script?: ({ pass: number } | { fail: number })[] | undefined
  times?: number | undefined
}

/** A rule as it is written. */
export interface FaultRuleInput extends Partial<Omit<FaultRule<never>, 'action'>> {
  action: z.input<typeof HttpAction> | z.input<typeof AmqpAction>
}

/** The rules of a server whose operations have these properties. A rule of no match holds for every operation. */
export function faultRules<Action extends HttpAction | AmqpAction>(
  properties: readonly string[],
  action: z.ZodType<Action>,
): z.ZodType<FaultRule<Action>[]> {
  const match = z.record(
    z.string().refine(name => properties.includes(name)),
    Pattern,
    { error: ({ code }) => (code === 'invalid_key' ? `must be of ${properties.join(', ')}` : undefined) },
  )
  const rule = z
    .strictObject({
      match: match.default({}),
      action,
      /** The share of matching operations it applies to, drawn by the seed. */
      rate: z.number().gt(0).max(1).optional(),
      seed: z.int().default(1),
      /** Which of the matching operations it applies to, in their order; those after the last step pass. */
      script: z.array(Step).min(1).optional(),
      /** How often it applies at most. */
      times: Count.optional(),
    })
    .refine(({ rate, script }) => rate === undefined || script === undefined, {
      path: ['rate'],
      error: 'must not stand beside a script',
    })
    .refine(({ match, action: { type } }) => type !== 'refuse' || Object.keys(match).every(key => key === 'service'), {
      path: ['match'],
      error: 'must be empty for refuse, but for a service: a new connection has not asked for anything yet',
    })
  return z.array(rule)
}

/** @throws RangeError naming the field and its value */
export function parseFaults<Output>(schema: z.ZodType<Output>, input: unknown): Output {
  const parsed = schema.safeParse(input)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const path = issue?.path ?? []
  const field = path.map(part => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`)).join('')
  const value = JSON.stringify(path.reduce(propertyOf, input))
  throw new RangeError(`The fault rules cannot be taken: rules${field}: ${issue?.message}: current value is ${value}`)
}

function propertyOf(value: unknown, key: PropertyKey): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined
}
