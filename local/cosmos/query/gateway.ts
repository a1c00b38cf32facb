import type { Container } from '../containers/container.ts'
import type { Partition } from '../partitions/partition.ts'
import type { ReadScope } from '../partitions/read-scope.ts'
import { cursorToken, invalidToken, rangeToken, readRangeToken, START } from './cursor.ts'
import type { Narrowing } from './sql/narrow.ts'

/** Where a page that the service itself takes over the partitions comes from. */
export interface Gateway {
  scope: ReadScope
  /** The continuation token within the partition. */
  token: string | undefined
  /** The continuation token for the client, given that within the partition: at its end the next partition follows. */
  continued(inner: string | undefined): string | undefined
}

/**
 * A query that is addressed to no partition goes through those that it can match, one after the other: a page holds rows of
 * one partition alone, and may be empty.
 */
export function gatewayScope(continuation: string | undefined, container: Container, narrowed: Narrowing): Gateway {
  const targets = targetPartitions(container, narrowed)
  const { token, at } = position(continuation, container, targets)
  const partition = targets[at]
  if (!partition) throw invalidToken(continuation ?? '', container)
  return {
    scope: { partition },
    token,
    continued: inner => {
      if (inner !== undefined) return rangeToken(inner, partition.range)
      const next = targets[at + 1]
      return next && rangeToken(cursorToken(START, container, next), next.range)
    },
  }
}

function position(continuation: string | undefined, container: Container, targets: readonly Partition[]) {
  if (continuation === undefined || continuation === '') return { token: undefined, at: 0 }
  const { token, min } = readRangeToken(continuation, container)
  return { token, at: targets.findIndex(({ range }) => range.min === min) }
}

function targetPartitions({ partitions }: Container, { keys }: Narrowing): readonly Partition[] {
  if (!keys) return partitions.all
  const named = new Set(keys.map(key => partitions.at(partitions.rangeOf(key).min)))
  return partitions.all.filter(partition => named.has(partition))
}
