/** What `run` makes of each, in order, with at most `atOnce` of them under way. */
export async function sideBySide<In, Out>(
  all: readonly In[],
  { atOnce }: { atOnce: number },
  run: (each: In) => Promise<Out>,
): Promise<Out[]> {
  const results = new Map<number, Out>()
  const waiting = all.entries()
  const workOff = async (): Promise<void> => {
    for (const [index, each] of waiting) results.set(index, await run(each))
  }
  await Promise.all(Array.from({ length: Math.min(atOnce, all.length) }, workOff))
  return all.flatMap((_, index) => {
    const result = results.get(index)
    return result === undefined ? [] : [result]
  })
}
