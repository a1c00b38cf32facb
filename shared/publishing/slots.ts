interface Slot<Value> {
  generation: number
  value: Value
}

export interface Slots<Value> {
  a?: Slot<Value> | undefined
  b?: Slot<Value> | undefined
}

/** What readers see at a generation: the slot with the largest generation not above it. */
export function valueAt<Value>({ a, b }: Slots<Value>, generation: number): Value | undefined {
  return slotAt({ a, b }, generation)?.value
}

/**
 * The document with `value` for `generation`, or undefined when readers of that generation would see it anyway, or when a
 * later generation was here: generations are fencing tokens, and a worker that woke up late must not write over it. The
 * slot that readers of the live generation see is never written.
 */
export function withValue<Value, Document extends Slots<Value>>(
  document: Document,
  value: Value,
  { generation, live }: { generation: number; live: number },
): Document | undefined {
  if (Math.max(document.a?.generation ?? 0, document.b?.generation ?? 0) > generation) return undefined
  const seen = slotAt(document, generation)
  if (seen && JSON.stringify(seen.value) === JSON.stringify(value)) return undefined
  const kept = slotAt(document, live)
  const slot = { generation, value }
  return kept !== undefined && kept === document.a ? { ...document, b: slot } : { ...document, a: slot }
}

function slotAt<Value>({ a, b }: Slots<Value>, generation: number): Slot<Value> | undefined {
  const readable = [a, b].filter(slot => slot !== undefined && slot.generation <= generation)
  return readable.reduce(
    (newest, slot) => (!newest || (slot && slot.generation > newest.generation) ? slot : newest),
    undefined,
  )
}
