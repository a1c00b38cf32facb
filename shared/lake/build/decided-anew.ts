import { ConflictError } from '../delta/commit.ts'

const triesMax = 6

/** Decides and commits; when another writer was first, decides anew by what that one left. */
export async function decidedAnew<T>(decide: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await decide()
    } catch (error) {
      if (!(error instanceof ConflictError) || tries === triesMax) throw error
    }
  }
}
