import type { Schedule } from './ncrontab.ts'

const count = 5

/** The line in which the host tells when a timer will run, in the words of the host on Azure; all times are UTC. */
export function nextOccurrences(
  { name, schedule: text }: { name: string; schedule: string },
  schedule: Pick<Schedule, 'next'>,
  now: Date,
): string {
  const times: string[] = []
  for (let last = now; times.length < count; ) {
    last = schedule.next(last)
    times.push(`${written(last)} (${written(last)})`)
  }
  return `The next ${count} occurrences of the '${name}' schedule (Cron: '${text}') will be:\n${times.join('\n')}`
}

/** 02/08/2022 18:05:00Z */
function written(time: Date): string {
  const [year, month, day] = time.toISOString().slice(0, 10).split('-')
  return `${month}/${day}/${year} ${time.toISOString().slice(11, 19)}Z`
}
