import type { TypedData } from '../app/core-types.ts'

/** An invocation as far as its lines tell of it. */
export interface LoggedInvocation {
  functionName: string
  /** Type of the binding that triggered it. */
  triggerType: string
  /** Where a queue's messages come from. */
  queueName?: string | undefined
  data: TypedData
  triggerMetadata?: Record<string, TypedData> | undefined
}

type Outcome = { status: 'Succeeded' } | { status: 'Failed'; error: Error }

/** The lines at the start of an invocation, in the words of the host on Azure. */
export function startLines(invocation: LoggedInvocation, invocationId: string, now: Date): string[] {
  const { functionName } = invocation
  const details = triggerDetails(invocation)
  const started = `Executing 'Functions.${functionName}' (Reason='${reason(invocation, now)}', Id=${invocationId})`
  return details === undefined ? [started] : [started, `Trigger Details: ${details}`]
}

/** The line at the end of an invocation, in the words of the host on Azure, with the error's stack below. */
export function endLine(
  { functionName, invocationId, durationMs }: { functionName: string; invocationId: string; durationMs: number },
  outcome: Outcome,
): string {
  const line = `Executed 'Functions.${functionName}' (${outcome.status}, Id=${invocationId}, Duration=${Math.round(durationMs)}ms)`
  if (outcome.status === 'Succeeded') return line
  const { error } = outcome
  return `${line}\nException while executing function: Functions.${functionName}. Result: Failure\nException: ${error.message}\nStack: ${error.stack ?? ''}`
}

function reason({ triggerType, queueName, triggerMetadata = {} }: LoggedInvocation, now: Date): string {
  const byHand = 'This function was programmatically called via the host APIs.'
  switch (triggerType.toLowerCase()) {
    case 'httptrigger':
      return byHand
    case 'timertrigger':
      return `Timer fired at ${now.toISOString().replace('Z', '0000+00:00')}`
    case 'queuetrigger':
      return triggerMetadata.Id === undefined ? byHand : `New queue message detected on '${queueName}'.`
    case 'eventhubtrigger':
      return triggerMetadata.PartitionContext === undefined ? byHand : '(null)'
    default:
      return '(null)'
  }
}

function triggerDetails({ triggerType, data, triggerMetadata: metadata = {} }: LoggedInvocation): string | undefined {
  switch (triggerType.toLowerCase()) {
    case 'timertrigger': {
      const timer = JSON.parse(data.json ?? '{}') as { IsPastDue?: boolean; ScheduleStatus?: { Next: string } | null }
      return timer.IsPastDue === true
        ? `UnscheduledInvocationReason: IsPastDue, OriginalSchedule: ${timer.ScheduleStatus?.Next}`
        : undefined
    }
    case 'queuetrigger': {
      if (metadata.Id === undefined) return undefined
      const inserted = JSON.parse(metadata.InsertionTime?.json ?? '""')
      return `MessageId: ${metadata.Id?.string}, DequeueCount: ${metadata.DequeueCount?.json}, InsertedOn: ${inserted}`
    }
    case 'eventhubtrigger':
      return metadata.PartitionContext === undefined ? undefined : eventHubDetails(metadata)
    default:
      return undefined
  }
}

/** First and last of each property of a batch. The misspelt word is Azure's own. */
function eventHubDetails(metadata: Record<string, TypedData>): string {
  const partition = JSON.parse(metadata.PartitionContext?.json ?? '{}') as { PartitionId?: string }
  const sequence = metadata.SequenceNumberArray?.collectionSint64?.sint64 ?? [metadata.SequenceNumber?.int]
  const offsets = metadata.OffsetArray?.collectionString?.string ?? [metadata.Offset?.string]
  const times = ([] as unknown[]).concat(
    JSON.parse(metadata.EnqueuedTimeUtcArray?.json ?? metadata.EnqueuedTimeUtc?.json ?? '[]'),
  )
  const ends = (values: unknown[]) => `${numberOf(values[0])}-${numberOf(values.at(-1))}`
  return `PartionId: ${partition.PartitionId}, Offset: ${ends(offsets)}, EnqueueTimeUtc: ${ends(times)}, SequenceNumber: ${ends(sequence)}, Count: ${sequence.length}`
}

function numberOf(value: unknown): string {
  if (typeof value !== 'object' || value === null || !('low' in value) || !('high' in value)) return String(value)
  return String(Number(value.high) * 2 ** 32 + (Number(value.low) >>> 0))
}
