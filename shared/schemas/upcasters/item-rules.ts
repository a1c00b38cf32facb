import { z } from 'zod'

/** Until left sides had any length, the one item of it was the document's, and a rule began with its right side. */
const OldTail = z.tuple([z.string(), z.number(), z.number(), z.number()])
const Stored = z.looseObject({
  id: z.string(),
  a: z.looseObject({ value: z.array(z.unknown()) }).optional(),
  b: z.looseObject({ value: z.array(z.unknown()) }).optional(),
})

/** Rules of an item as they are stored now; what is of no older form stays as it is. */
export function upcastItemRules(stored: unknown): unknown {
  const parsed = Stored.safeParse(stored)
  if (!parsed.success) return stored
  const { id, a, b, ...rest } = parsed.data
  const slot = (of: typeof a) => (of ? { ...of, value: of.value.map(tail => upcastTail(id, tail)) } : undefined)
  return { ...rest, id, a: slot(a), b: slot(b) }
}

function upcastTail(id: string, tail: unknown): unknown {
  const old = OldTail.safeParse(tail)
  return old.success ? [[id], ...old.data] : tail
}
