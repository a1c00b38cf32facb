/** A command line that cannot be carried out. */
export class UsageError extends Error {}

/** @throws UsageError naming what is known where a name is not of it */
export function oneOf<Name extends string>(names: readonly string[], known: readonly Name[], what: string): Name[] {
  return names.map(name => {
    const found = known.find(candidate => candidate === name)
    if (found === undefined) {
      throw new UsageError(`The ${what} must be one of ${known.join(', ')}: current value is '${name}'`)
    }
    return found
  })
}
