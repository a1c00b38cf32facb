import type { HostEvent } from './messages.ts'

export interface Printing {
  /** Errors in red, warnings in yellow. */
  colour?: boolean
  /** Puts the function's name in front of what it logs itself; the host's own lines name it anyway. */
  names?: boolean
}

const red = '\u001b[31m'
const yellow = '\u001b[33m'
const plain = '\u001b[0m'

/** A line for people about what the host does, as Azure Functions Core Tools print it: [time] message. */
export function eventLine(event: HostEvent, { colour = false, names = false }: Printing = {}): string {
  const paint = colour ? paintOf(event) : undefined
  const line = `[${new Date().toISOString()}] ${messageOf(event, names)}`
  return paint === undefined ? line : `${paint}${line}${plain}`
}

/** Whether a stream takes colours: a terminal does, unless NO_COLOR says otherwise. Source: no-color.org */
export function takesColour(stream: { isTTY?: boolean }, env: Record<string, string | undefined>): boolean {
  return stream.isTTY === true && (env.NO_COLOR ?? '') === ''
}

function messageOf(event: HostEvent, names: boolean): string {
  switch (event.type) {
    case 'started':
      return `Worker process ${event.pid} (${event.group}) starts.`
    case 'listening':
      return `Worker process ${event.pid} (${event.group}) started and initialized after ${event.startMs} ms.`
    case 'exited': {
      const next = event.restartInMs === undefined ? '' : ` It starts again in ${event.restartInMs} ms.`
      return `Worker process ${event.pid} (${event.group}) ended: ${event.reason}.${next}`
    }
    case 'warning':
      return `Warning: ${event.message}`
    case 'log': {
      const isNamed = names && event.category === 'user'
      return isNamed ? `${event.functionName ?? event.group}: ${event.message}` : event.message
    }
  }
}

function paintOf(event: HostEvent): string | undefined {
  if (event.type === 'warning' || (event.type === 'exited' && event.restartInMs !== undefined)) return yellow
  if (event.type !== 'log') return undefined
  if (event.level === 'warning') return yellow
  return event.level === 'error' || event.level === 'critical' ? red : undefined
}
