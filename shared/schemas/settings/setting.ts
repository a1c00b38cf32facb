import { z } from 'zod'

/** A setting that has no default: `how` says what to give. */
export const required = (how: string) => z.string({ error: how }).min(1, { error: how })

/** A number in text; absent or empty is the default. */
export const number = (fallback: number, rule: z.ZodNumber) =>
  z
    .string()
    .trim()
    .optional()
    .transform(text => (text === undefined || text === '' ? fallback : Number(text)))
    .pipe(rule)

export const positive = z.number({ error: 'must be a number' }).positive({ error: 'must be more than 0' })
export const count = z.number({ error: 'must be a whole number' }).int({ error: 'must be a whole number' }).min(1)
export const weight = z.number({ error: 'must be a number' }).min(0, { error: 'must be 0 or more' })
