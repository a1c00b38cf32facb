import { type StorageAccount, storageRequest } from '../storage/storage-account.ts'

/** What is remembered of a timer between runs of the host; `last` is undefined before its first run. */
export interface TimerStatus {
  last: Date | undefined
  next: Date
  /** The instant `next` counts from while there is no `last`. */
  lastUpdated: Date
}

export interface TimerStatusStore {
  read(): Promise<TimerStatus | undefined>
  write(status: TimerStatus): Promise<void>
}

const container = 'azure-webjobs-hosts'
const neverRun = '0001-01-01T00:00:00'

/** Keeps a timer's status in the blob where Azure keeps it, as the JSON Azure writes. */
export function timerStatusStore(account: StorageAccount, hostId: string, functionName: string): TimerStatusStore {
  const path = `${container}/timers/${hostId}/Host.Functions.${functionName}/status`
  const fail = (status: number) => new Error(`Timer status blob "${path}" answered ${status}`)
  const put = (status: TimerStatus) =>
    storageRequest(account, {
      service: 'blob',
      method: 'PUT',
      path,
      headers: { 'x-ms-blob-type': 'BlockBlob', 'content-type': 'application/octet-stream' },
      body: JSON.stringify(toScheduleStatus(status)),
    })
  return {
    read: async () => {
      const { status, body } = await storageRequest(account, { service: 'blob', method: 'GET', path })
      if (status === 404) return undefined
      if (status !== 200) throw fail(status)
      return fromScheduleStatus(JSON.parse(body) as Record<'Last' | 'Next' | 'LastUpdated', string>)
    },
    write: async status => {
      let answer = await put(status)
      if (answer.status === 404) {
        const query = { restype: 'container' }
        await storageRequest(account, { service: 'blob', method: 'PUT', path: container, query })
        answer = await put(status)
      }
      if (answer.status !== 201) throw fail(answer.status)
    },
  }
}

/** The status in the shape that the blob and the function's argument share. */
export function toScheduleStatus({
  last,
  next,
  lastUpdated,
}: TimerStatus): Record<'Last' | 'Next' | 'LastUpdated', string> {
  return { Last: last?.toISOString() ?? neverRun, Next: next.toISOString(), LastUpdated: lastUpdated.toISOString() }
}

function fromScheduleStatus({ Last, Next, LastUpdated }: Record<'Last' | 'Next' | 'LastUpdated', string>): TimerStatus {
  const last = Last.startsWith('0001') ? undefined : new Date(Last)
  return { last, next: new Date(Next), lastUpdated: new Date(LastUpdated) }
}
