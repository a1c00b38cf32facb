import { Workspace } from '../algorithms/kernels/workspace.ts'

interface Use<Prepared, Result> {
  /** Names all that the prepared depends on: its content, not where it came from. */
  key: string
  threads: number
  /** Lays out in the workspace what `compute` needs. */
  prepare: (workspace: Workspace) => Promise<Prepared>
  compute: (workspace: Workspace, prepared: Prepared) => Promise<Result>
}

// An instance holds one workspace at a time, whoever's it is: two at once may not fit into its memory.
let releaseLast = async (): Promise<void> => undefined
let turn: Promise<unknown> = Promise.resolve()

/**
 * A workspace that stays between chunks with what was prepared in it, so that chunks that follow each other on an instance
 * prepare it once. One computation at a time: whoever comes meanwhile waits.
 */
export function keptWorkspace<Prepared>(): <Result>(use: Use<Prepared, Result>) => Promise<Result> {
  let kept: { key: string; threads: number; workspace: Workspace; prepared: Prepared } | undefined
  const release = async () => {
    const workspace = kept?.workspace
    kept = undefined
    await workspace?.close()
  }
  const keptFor = async ({ key, threads, prepare }: Use<Prepared, unknown>) => {
    if (kept?.key === key && kept.threads === threads) return kept
    await releaseLast()
    releaseLast = release
    const workspace = new Workspace({ threads })
    try {
      kept = { key, threads, workspace, prepared: await prepare(workspace) }
      return kept
    } finally {
      if (kept?.workspace !== workspace) await workspace.close()
    }
  }
  return use =>
    inTurn(async () => {
      const { workspace, prepared } = await keptFor(use)
      const mark = workspace.mark()
      try {
        return await use.compute(workspace, prepared)
      } finally {
        workspace.free(mark)
      }
    })
}

function inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
  const result = turn.then(work)
  turn = result.catch(() => undefined)
  return result
}
