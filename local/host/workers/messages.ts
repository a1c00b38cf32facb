import type { Binding } from '../app/core-types.ts'
import type { RetryPolicy } from '../app/retry-policy.ts'
import type { HostKeys } from '../http/host-keys.ts'
import type { OutputPlan } from '../outputs/output-plan.ts'
import type { HostConfig } from '../settings/host-json.ts'
import type { LogLine } from './log-line.ts'

/** What the host tells its caller while it works; `log` carries the lines of the functions and of the host itself. */
export type HostEvent =
  | { type: 'started'; group: string; pid: number }
  | { type: 'listening'; group: string; pid: number; startMs: number }
  | { type: 'exited'; group: string; pid: number; reason: string; restartInMs?: number }
  | { type: 'warning'; message: string }
  | ({ type: 'log'; group: string } & LogLine)

/** A function as the app registered it, before the host has looked at its trigger. */
export interface Registration {
  name: string
  bindings: Record<string, Binding>
  retry?: RetryPolicy
}

interface Plan {
  name: string
  bindingName: string
  scaleGroup: string
  outputs: OutputPlan[]
  retry?: RetryPolicy
}
export interface HttpPlan extends Plan {
  type: 'http'
  route: string
  methods: string[]
  authLevel: 'anonymous' | 'function' | 'admin'
}
export interface TimerPlan extends Plan {
  type: 'timer'
  schedule: string
  runOnStartup: boolean
  useMonitor: boolean
}
export interface QueuePlan extends Plan {
  type: 'queue'
  queueName: string
  connection: string
}
export interface EventHubPlan extends Plan {
  type: 'eventHub'
  eventHubName: string
  connection: string
  consumerGroup: string
  cardinality: 'one' | 'many'
  binary: boolean
}
/** A function with its trigger checked and its %NAME%s and connections resolved. */
export type FunctionPlan = HttpPlan | TimerPlan | QueuePlan | EventHubPlan

export interface ListenOptions {
  hostId: string
  /** Number of this worker among those of its scale group. */
  instance: number
  host: string
  port: number
  storage: string | undefined
  config: HostConfig
  keys: HostKeys
  queueVisibilityMs: number
  /** Also logs what starts and what succeeds. */
  verbose: boolean
}

export type ToWorker =
  | { type: 'load'; appDir: string }
  | { type: 'listen'; functions: FunctionPlan[]; options: ListenOptions }
  | { type: 'trigger'; id: string; functionName: string; input?: string }
  | { type: 'triggered'; id: string; error?: string }
  | { type: 'drain' }

export type FromWorker =
  | { type: 'registered'; functions: Registration[] }
  | { type: 'listening'; port?: number }
  | { type: 'failed'; message: string; code?: string; port?: number }
  | { type: 'heartbeat' }
  | { type: 'trigger'; id: string; functionName: string; input?: string }
  | { type: 'triggered'; id: string; error?: string }
  | ({ type: 'log' } & LogLine)
