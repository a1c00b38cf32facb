import { hoursAMonth } from '../../schemas/prices.ts'
import { activeShare, billedAlone } from './active-time.ts'
import { appsOf, coresOf, type Deployment, gbOf } from './deployments.ts'
import { peakPerSecond, ratesBySecond } from './hours-of-day.ts'
import { measured } from './measured.ts'
import type { MonthUse } from './month-use.ts'
import type { Traffic } from './traffic.ts'

export const daysAMonth = hoursAMonth / 24
const gigabyte = 2 ** 30

/** Seconds in which an instance is billed, a day, by what runs on instances of its own (Flex scales each alone). */
export interface BilledSeconds {
  http: number
  interactions: number
  'run-chunks': number
  clock: number
}

/** What traffic uses in a month of a deployment, and what it is billed of instances a day. */
export function useOfTraffic(traffic: Traffic, deployment: Deployment): { use: MonthUse; billed: BilledSeconds } {
  const { serving, working } = appsOf(deployment)
  const { working: seconds, batches } = workOf(traffic, deployment)
  const http = httpOf(traffic, deployment)
  const billed = { ...seconds, http: http.billed }
  const isKept = serving.alwaysReadyHttp > 0
  const workingGb = gbOf(working) * (billed.interactions + billed['run-chunks'] + billed.clock)
  const httpGb = gbOf(serving) * billed.http
  const jobs = jobsADay(traffic, deployment)
  const others = batches + jobs + deployment.looksADay
  const monthly = (perDay: number) => perDay * daysAMonth
  const units = requestUnitsOf(traffic, deployment, batches)
  const use: MonthUse = {
    gbSeconds: monthly(workingGb + (isKept ? 0 : httpGb)),
    keptGbSeconds: monthly(isKept ? httpGb : 0),
    executions: monthly(others + (isKept ? 0 : http.requests)),
    keptExecutions: monthly(isKept ? http.requests : 0),
    requestUnits: monthly(units.perDay),
    peakRequestUnits: units.peak,
    hubEvents: monthly(eventsOf(traffic)),
    ...storageOf(traffic, deployment, batches),
    logGb: monthly(logBytesOf(http.requests, batches, deployment)) / gigabyte,
    vaultOperations: monthly(measured.vaultOperationsPerDay),
  }
  return { use, billed }
}

/** The lake's runs, the daily one among them, and refreshes. */
const jobsADay = ({ refreshesPerDay }: Traffic, { lakeRunsADay }: Deployment): number =>
  lakeRunsADay + 1 + refreshesPerDay

/** Events on the hub: those that are posted, and ten for each list that the app reports itself. */
export const eventsOf = ({ eventsPerDay, requestsPerDay, impressionsShare }: Traffic): number =>
  eventsPerDay + requestsPerDay * impressionsShare * measured.impressionsAList

function httpOf(traffic: Traffic, deployment: Deployment): { requests: number; billed: number } {
  const { serving } = appsOf(deployment)
  const { cpuSeconds, waitSeconds } = measured.request
  const seconds = waitSeconds + cpuSeconds / coresOf(serving)
  const posts = traffic.eventsPerDay / traffic.eventsPerPost
  // Lists of one page come together: they open one period.
  const arrivals = traffic.requestsPerDay / traffic.listsTogether + posts
  const billed = ratesBySecond(arrivals).map(perSecond => 3600 * activeShare({ perSecond, seconds }))
  return { requests: traffic.requestsPerDay + posts, billed: sum(billed) }
}

/** Batches of events a day, and what is billed of the instances that take them in, run jobs and look at the clock. */
function workOf(
  traffic: Traffic,
  deployment: Deployment,
): { working: Omit<BilledSeconds, 'http'>; batches: number; listening: number } {
  const { working } = appsOf(deployment)
  const { partitions } = deployment.eventHubs
  const cores = coresOf(working)
  const rates = batchRates(traffic, deployment)
  const interactions = rates.map(({ perSecond, events }) => {
    const { waitSeconds, cpuSeconds } = measured.batch
    const seconds = waitSeconds + (cpuSeconds + events * measured.event.cpuSeconds) / cores
    // Batches of one partition follow one another; those of several meet by chance.
    const share = partitions === 1 ? Math.min(1, perSecond * billedAlone(seconds)) : activeShare({ perSecond, seconds })
    return 3600 * share
  })
  const { lakeHourly, lakeDaily, refresh, refreshedUser } = measured
  const job = ({ cpuSeconds, waitSeconds }: { cpuSeconds: number; waitSeconds: number }) =>
    billedAlone(waitSeconds + cpuSeconds / cores)
  const lists = (refreshedUsers(traffic) * refreshedUser.cpuSeconds) / cores
  return {
    working: {
      interactions: sum(interactions),
      'run-chunks':
        deployment.lakeRunsADay * job(lakeHourly) + job(lakeDaily) + traffic.refreshesPerDay * job(refresh) + lists,
      clock: deployment.looksADay * billedAlone(measured.look.seconds),
    },
    batches: sum(rates.map(({ perSecond }) => perSecond * 3600)),
    listening: sum(rates.map(({ perSecond }) => 3600 * -Math.expm1(-perSecond * measured.listener.keptSeconds))),
  }
}

/**
 * Batches a second hour by hour, and events in each: a partition waits for its first event, 1 / λ, and then until the batch is
 * full or its time is over.
 */
function batchRates(
  traffic: Traffic,
  { eventHubs: { partitions }, batchMin, batchWaitSeconds }: Deployment,
): { perSecond: number; events: number }[] {
  const events = ratesBySecond(eventsOf(traffic))
  // What comes in one append is there at once.
  const appends = ratesBySecond(
    traffic.eventsPerDay / traffic.eventsPerPost + traffic.requestsPerDay * traffic.impressionsShare,
  )
  return events.map((perSecond, hour) => {
    const own = (appends[hour] ?? 0) / partitions
    if (own === 0) return { perSecond: 0, events: 0 }
    const full = (batchMin * partitions) / perSecond
    const batches = partitions / (1 / own + Math.min(batchWaitSeconds, full))
    return { perSecond: batches, events: perSecond / batches }
  })
}

/** Users whose lists are made anew in a day: who did something since the refresh before. */
function refreshedUsers({ users, eventsPerDay, refreshesPerDay }: Traffic): number {
  if (users === 0 || refreshesPerDay === 0) return 0
  const eventsEach = eventsPerDay / refreshesPerDay / users
  return refreshesPerDay * users * -Math.expm1(-eventsEach)
}

function requestUnitsOf(traffic: Traffic, deployment: Deployment, batches: number): { perDay: number; peak: number } {
  const { request, event, batch, look, refresh, refreshedUser, lakeHourly, lakeDaily } = measured
  const cold = request.coldShare * request.coldRequestUnits
  // A look is made by a request that finds the last one too old: no more than requests, and no more than so many a second.
  const looks = (perSecond: number) => Math.min(2 * perSecond, request.looksPerSecond) * request.lookRequestUnits
  const lists = ratesBySecond(traffic.requestsPerDay).map(perSecond => 3600 * (perSecond * cold + looks(perSecond)))
  const events = eventsOf(traffic) * event.requestUnits
  const jobs =
    deployment.lakeRunsADay * lakeHourly.requestUnits +
    lakeDaily.requestUnits +
    traffic.refreshesPerDay * refresh.requestUnits
  const perDay =
    sum(lists) +
    events +
    batches * batch.requestUnits +
    deployment.looksADay * look.requestUnits +
    jobs +
    refreshedUsers(traffic) * refreshedUser.requestUnits
  const busiest = peakPerSecond(traffic.requestsPerDay)
  return { perDay, peak: busiest * cold + looks(busiest) + peakPerSecond(events) }
}

function storageOf(
  traffic: Traffic,
  deployment: Deployment,
  batches: number,
): Pick<MonthUse, 'blobReads' | 'blobWrites' | 'queueOperations' | 'storedGb' | 'cosmosGb'> {
  const { batch, look, lakeHourly, lakeDaily, refresh, listener, event, refreshedUser, item, keptDays } = measured
  const { looksADay, lakeRunsADay, eventHubs } = deployment
  const rounds = workOf(traffic, deployment).listening / listener.everySeconds
  const perDay = (kind: 'blobReads' | 'blobWrites') =>
    batches * batch[kind] +
    looksADay * look[kind] +
    lakeRunsADay * lakeHourly[kind] +
    lakeDaily[kind] +
    traffic.refreshesPerDay * refresh[kind] +
    rounds * (kind === 'blobReads' ? eventHubs.partitions : 1)
  const models = traffic.users * refreshedUser.storedBytes + traffic.items * item.storedBytes
  const jobs = jobsADay(traffic, deployment)
  return {
    blobReads: perDay('blobReads') * daysAMonth,
    blobWrites: perDay('blobWrites') * daysAMonth,
    // Sent, taken, renewed and deleted; and the platform asks how many there are every half minute (assumed).
    queueOperations: (jobs * 4 + 2 * 2880) * daysAMonth,
    // A year of events, and what refreshes replace for as long as it is kept.
    storedGb:
      (eventsOf(traffic) * 365 * event.storedBytes + models * traffic.refreshesPerDay * keptDays) / gigabyte + 0.5,
    cosmosGb: (models * 2) / gigabyte,
  }
}

function logBytesOf(requests: number, batches: number, { looksADay, lakeRunsADay }: Deployment): number {
  const { request, batch, look, lakeHourly, lakeDaily } = measured
  return (
    requests * request.logBytes +
    batches * batch.logBytes +
    looksADay * look.logBytes +
    lakeRunsADay * lakeHourly.logBytes +
    lakeDaily.logBytes
  )
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0)
}
