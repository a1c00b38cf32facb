import { setTimeout as delay } from 'node:timers/promises'

/**
 * Sends on a fixed schedule, whether earlier answers have come or not, so that a slow answer delays no later request
 * (an open loop). Resolves, when all have answered, to the milliseconds from each one's due time to its answer.
 */
export async function openLoop(
  send: (index: number) => Promise<void>,
  { perSecond, seconds, everySecond }: { perSecond: number; seconds: number; everySecond?: (sent: number) => void },
): Promise<number[]> {
  const started = performance.now()
  const answers: Promise<number>[] = []
  for (let index = 0; index < perSecond * seconds; index++) {
    if (index % perSecond === 0) everySecond?.(index)
    const due = started + (1000 * index) / perSecond
    const waitMs = due - performance.now()
    if (waitMs > 0) await delay(waitMs)
    answers.push(send(index).then(() => performance.now() - due))
  }
  return Promise.all(answers)
}

/** Keeps `inFlight` requests on their way for some seconds; resolves to the answers in each whole second. */
export async function closedLoop(
  send: (index: number) => Promise<void>,
  { inFlight, seconds }: { inFlight: number; seconds: number },
): Promise<number[]> {
  const started = performance.now()
  const perSecond = new Array<number>(seconds).fill(0)
  let next = 0
  const lane = async () => {
    while (performance.now() - started < 1000 * seconds) {
      await send(next++)
      const second = Math.floor((performance.now() - started) / 1000)
      if (second < seconds) perSecond[second]! += 1
    }
  }
  await Promise.all(Array.from({ length: inFlight }, lane))
  return perSecond
}
