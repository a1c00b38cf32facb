import type { Ports } from '../ports.ts'
import { readLivePointer, tellAge } from '../publishing/live-pointer.ts'

const hourMs = 3_600_000

/**
 * Tells once an hour, and when an instance begins, that the app is alive and how old the published lists are: what is silent, or
 * stale, fires no alert by itself.
 */
export function heartbeat(): (ports: Pick<Ports, 'documents' | 'clock' | 'log' | 'telemetry'>) => Promise<void> {
  let toldHour: number | undefined
  return async ports => {
    const hour = Math.floor(ports.clock() / hourMs)
    if (hour === toldHour) return
    const live = await readLivePointer(ports.documents)
    const published = live && { model_version: live.model_version, published_age_seconds: tellAge(live, ports) }
    ports.log.info({ event: 'heartbeat', stage: 'clock', ...published })
    toldHour = hour
  }
}
