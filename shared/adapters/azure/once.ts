/** Makes something the first time it is asked for; a failed try is forgotten. */
export function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined
  return () => {
    made ??= make().catch(cause => {
      made = undefined
      throw cause
    })
    return made
  }
}
