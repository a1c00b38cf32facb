import { describe, expect, test } from 'vitest'
import { batchMetadata } from '../event-hubs/event-hub-metadata.ts'
import { endLine, type LoggedInvocation, startLines } from './invocation-lines.ts'

const now = new Date('2026-03-01T10:00:00.123Z')
const lines = (more: Partial<LoggedInvocation>) =>
  startLines({ functionName: 'f', triggerType: 'httpTrigger', data: {}, ...more }, 'id', now)
const byHand = "Executing 'Functions.f' (Reason='This function was programmatically called via the host APIs.', Id=id)"

describe('startLines()', () => {
  test('of HTTP', () => {
    expect(lines({})).toEqual([byHand])
  })
  test('of a timer, also when it is past due', () => {
    const timer = (json: object) => lines({ triggerType: 'timerTrigger', data: { json: JSON.stringify(json) } })
    const fired = "Executing 'Functions.f' (Reason='Timer fired at 2026-03-01T10:00:00.1230000+00:00', Id=id)"
    expect(timer({ IsPastDue: false, ScheduleStatus: null })).toEqual([fired])
    expect(timer({ IsPastDue: true, ScheduleStatus: { Next: '2026-03-01T09:00:00Z' } })).toEqual([
      fired,
      'Trigger Details: UnscheduledInvocationReason: IsPastDue, OriginalSchedule: 2026-03-01T09:00:00Z',
    ])
  })
  test('of a queue, with the message', () => {
    const triggerMetadata = {
      Id: { string: 'm' },
      DequeueCount: { json: '2' },
      InsertionTime: { json: '"2026-03-01T09:59:59+00:00"' },
    }
    expect(lines({ triggerType: 'queueTrigger', queueName: 'orders', triggerMetadata })).toEqual([
      "Executing 'Functions.f' (Reason='New queue message detected on 'orders'.', Id=id)",
      'Trigger Details: MessageId: m, DequeueCount: 2, InsertedOn: 2026-03-01T09:59:59+00:00',
    ])
    expect(lines({ triggerType: 'queueTrigger', queueName: 'orders' })).toEqual([byHand])
  })
  test('of an event hub, with the first and last of its batch', () => {
    const event = (sequenceNumber: number) => ({
      ...{ body: 'x', offset: `${sequenceNumber * 10}`, sequenceNumber, partitionKey: null },
      enqueuedTimeUtc: new Date(now.getTime() + sequenceNumber),
      getRawAmqpMessage: () => ({ body: 'x' }),
    })
    const names = { FullyQualifiedNamespace: 'n', EventHubName: 'h', ConsumerGroup: '$Default', PartitionId: '3' }
    const context = { ...names, IsCheckpointingAfterInvocation: true }
    const triggerMetadata = batchMetadata([event(1), event(2), event(3)], context)
    expect(lines({ triggerType: 'eventHubTrigger', triggerMetadata })).toEqual([
      "Executing 'Functions.f' (Reason='(null)', Id=id)",
      'Trigger Details: PartionId: 3, Offset: 10-30, EnqueueTimeUtc: 2026-03-01T10:00:00.124-2026-03-01T10:00:00.126, SequenceNumber: 1-3, Count: 3',
    ])
  })
})

describe('endLine()', () => {
  const run = { functionName: 'f', invocationId: 'id', durationMs: 12.4 }
  test('tells success with its duration', () => {
    expect(endLine(run, { status: 'Succeeded' })).toBe("Executed 'Functions.f' (Succeeded, Id=id, Duration=12ms)")
  })
  test('tells failure with message and stack below', () => {
    const error = new Error('broken')
    expect(endLine(run, { status: 'Failed', error }).split('\n').slice(0, 4)).toEqual([
      "Executed 'Functions.f' (Failed, Id=id, Duration=12ms)",
      'Exception while executing function: Functions.f. Result: Failure',
      'Exception: broken',
      'Stack: Error: broken',
    ])
  })
})
