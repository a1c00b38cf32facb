import { Workspace } from '../algorithms/kernels/workspace.ts'

interface Use<Prepared, Result> {
  /** Names all that the prepared depends on: its content, not where it came from. */
  key: string
  /** At least so many compute. */
  threads: number
  /** Lays out in the workspace what `compute` needs. */
  prepare: (workspace: Workspace) => Promise<Prepared>
  compute: (workspace: Workspace, prepared: Prepared) => Promise<Result>
}

// An instance has one workspace for all: its memory never shrinks, and that of a second one would come on top.
let opened: { workspace: Workspace; start: number } | undefined
/** Whose preparation stands in the workspace. */
let holder: object | undefined
let turn: Promise<unknown> = Promise.resolve()

/**
 * The instance's workspace with what was prepared in it, which stays until somebody else needs the workspace: chunks that
 * follow each other on an instance prepare it once. One computation at a time: whoever comes meanwhile waits.
 */
export function keptWorkspace<Prepared>(): <Result>(use: Use<Prepared, Result>) => Promise<Result> {
  const self = {}
  let kept: { key: string; prepared: Prepared } | undefined
  return ({ key, threads, prepare, compute }) =>
    inTurn(threads, async ({ workspace, start }) => {
      if (holder !== self || kept?.key !== key) {
        holder = undefined
        workspace.free(start)
        kept = { key, prepared: await prepare(workspace) }
        holder = self
      }
      const mark = workspace.mark()
      const result = await compute(workspace, kept.prepared)
      workspace.free(mark)
      return result
    })
}

/** The instance's workspace for one computation, with nothing in it before or after. */
export function withWorkspace<Result>(
  threads: number,
  compute: (workspace: Workspace) => Promise<Result>,
): Promise<Result> {
  return inTurn(threads, async ({ workspace, start }) => {
    holder = undefined
    workspace.free(start)
    return compute(workspace)
  })
}

function inTurn<Result>(threads: number, work: (of: NonNullable<typeof opened>) => Promise<Result>): Promise<Result> {
  const result = turn.then(async () => {
    if (opened && opened.workspace.threads < threads) await close()
    if (!opened) {
      const workspace = new Workspace({ threads })
      opened = { workspace, start: workspace.mark() }
    }
    try {
      return await work(opened)
    } catch (cause) {
      // Nobody knows what a kernel that failed leaves behind.
      await close()
      throw cause
    }
  })
  turn = result.catch(() => undefined)
  return result
}

async function close(): Promise<void> {
  const workspace = opened?.workspace
  opened = undefined
  holder = undefined
  await workspace?.close()
}
