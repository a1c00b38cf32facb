/** Fields that are known, each with the moment it was set, in ms since 1970. */
export interface DatedFields<Fields> {
  fields: Fields
  changed: Readonly<Record<string, number>>
}

/** Fields that were set together. */
export interface FieldsSet<Fields> {
  set: Fields
  at: number
}

/**
 * The fields after some were set: of each the one set last counts, whatever the order they are told in; of two of one
 * moment the one told last. Absent fields set nothing.
 * @param parse makes fields of what is put together
 */
export function setFields<Fields extends object>(
  before: DatedFields<Fields>,
  steps: readonly FieldsSet<Fields>[],
  parse: (fields: Record<string, unknown>) => Fields,
): DatedFields<Fields> {
  const fields: Record<string, unknown> = Object.fromEntries(Object.entries(before.fields))
  const changed: Record<string, number> = { ...before.changed }
  for (const { set, at } of steps) {
    for (const [name, value] of Object.entries(set)) {
      if (value === undefined || (changed[name] ?? Number.NEGATIVE_INFINITY) > at) continue
      fields[name] = value
      changed[name] = at
    }
  }
  return { fields: parse(fields), changed }
}
