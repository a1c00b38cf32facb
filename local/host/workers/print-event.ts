import type { HostEvent } from './messages.ts'

/** One line for people about what the host does. */
export function eventLine(event: HostEvent): string {
  const time = new Date().toISOString()
  switch (event.type) {
    case 'started':
      return `[${time}] ${event.group}: worker ${event.pid} starts`
    case 'listening':
      return `[${time}] ${event.group}: worker ${event.pid} listens after ${event.startMs} ms`
    case 'exited': {
      const next = event.restartInMs === undefined ? '' : `, starts again in ${event.restartInMs} ms`
      return `[${time}] ${event.group}: worker ${event.pid} ended (${event.reason})${next}`
    }
    case 'warning':
      return `[${time}] warning: ${event.message}`
    case 'log':
      return `[${time}] ${event.functionName ?? event.group}: ${event.level === 'information' ? '' : `${event.level}: `}${event.message}`
  }
}
