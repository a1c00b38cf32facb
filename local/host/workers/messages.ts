import type { Binding } from '../app/core-types.ts'
import type { RetryPolicy } from '../app/retry-policy.ts'
import type { Cors } from '../http/cors.ts'
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
  /** Names this run of the host: what its workers own in storage is theirs again when one of them is started again. */
  hostRun: string
  host: string
  port: number
  storage: string | undefined
  config: HostConfig
  cors: Cors | undefined
  /** File of the host's keys. */
  keysPath: string
  /** An HTTP answer that has not begun by then is given up. */
  answerMsMax: number
  queueVisibilityMs: number
  /** Also logs what starts and what succeeds. */
  verbose: boolean
  /** Number of this process among those of its scale group, from 0; a restarted one keeps its number. */
  instance: number
  /** Takes no work until told to: the host is in drain mode. */
  isDraining: boolean
  /** How often an event hub function tells what waits in its hub; undefined when nobody asks. */
  backlogMs: number | undefined
}

/** Drain mode of the host: its functions, those called over HTTP aside, take no new work. */
export interface DrainStatus {
  state: 'Disabled' | 'InProgress' | 'Completed'
  outstandingInvocations: number
}

/** What the worker that serves /admin asks of the supervisor. */
export type AdminOrder =
  | { action: 'trigger'; functionName: string; input: string | undefined }
  | { action: 'drain' }
  | { action: 'drainStatus' }
  | { action: 'resume' }

/** Why not, or what drain mode is at. */
export interface OrderAnswer {
  error?: string
  status?: DrainStatus
}

export type ToWorker =
  | { type: 'load'; appDir: string }
  | { type: 'listen'; functions: FunctionPlan[]; options: ListenOptions }
  | { type: 'trigger'; id: string; functionName: string; input: string | undefined }
  | ({ type: 'answer'; id: string } & OrderAnswer)
  | { type: 'drain-mode'; isDraining: boolean }
  /** Ends the process: what runs may take that much longer. */
  | { type: 'drain'; graceMs: number }

export type FromWorker =
  | { type: 'registered'; functions: Registration[] }
  | { type: 'listening'; port?: number }
  | { type: 'failed'; message: string; code?: string; port?: number }
  | { type: 'heartbeat' }
  | { type: 'ask'; id: string; order: AdminOrder }
  | { type: 'triggered'; id: string; error?: string }
  /** How many invocations are running. */
  | { type: 'running'; running: number }
  /** Whether it takes work: not before it listens, and not in drain mode. */
  | { type: 'switched'; isOn: boolean }
  /** When a timer occurs next, in milliseconds since 1970. */
  | { type: 'next'; at: number }
  | { type: 'backlog'; unprocessed: number; partitions: number }
  | ({ type: 'log' } & LogLine)
