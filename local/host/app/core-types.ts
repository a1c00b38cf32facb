// The part of the '@azure/functions-core' contract this host fills in. The library itself declares no types for it, because
// on Azure the module exists only inside the worker.

export interface Long {
  low: number
  high: number
  unsigned: boolean
}

export interface TypedData {
  string?: string
  json?: string
  bytes?: Uint8Array
  int?: number | Long
  double?: number
  http?: HttpData
  collectionString?: { string: string[] }
  collectionBytes?: { bytes: Uint8Array[] }
  collectionSint64?: { sint64: Long[] }
}

export interface HttpData {
  method?: string
  url?: string
  headers?: Record<string, string>
  query?: Record<string, string>
  params?: Record<string, string>
  body?: TypedData | null
  statusCode?: string
  cookies?: HttpCookie[]
}

export interface HttpCookie {
  name: string
  value: string
  domain?: { value: string }
  path?: { value: string }
  expires?: { value: { seconds: number } }
  secure?: { value: boolean }
  httpOnly?: { value: boolean }
  sameSite: 'none' | 'lax' | 'strict' | 'explicitNone'
  maxAge?: { value: number }
}

export interface Binding {
  type: string
  direction?: string
  [key: string]: unknown
}

interface Duration {
  seconds?: number
}

export interface FunctionMetadata {
  name: string
  bindings: Record<string, Binding>
  retryOptions?: {
    retryStrategy?: string
    maxRetryCount?: number
    delayInterval?: Duration
    minimumInterval?: Duration
    maximumInterval?: Duration
  }
}

export type FunctionCallback = (...args: unknown[]) => unknown

export interface RetryContext {
  retryCount: number
  maxRetryCount: number
  exception?: { message: string; stackTrace: string; source: string }
}

interface InvocationRequest {
  invocationId: string
  functionId: string
  inputData: { name: string; data: TypedData }[]
  triggerMetadata: Record<string, TypedData>
  traceContext: { traceParent: string; traceState: string; attributes: Record<string, string> }
  retryContext?: RetryContext
}

export interface InvocationResponse {
  outputData?: { name: string; data: TypedData }[]
  returnValue?: TypedData | null
}

export type LogLevel = 'trace' | 'debug' | 'information' | 'warning' | 'error' | 'critical' | 'none'
export type LogCategory = 'user' | 'system' | 'customMetric'

export interface CoreInvocationContext {
  invocationId: string
  request: InvocationRequest
  metadata: FunctionMetadata
  state: 'preInvocationHooks' | 'postInvocationHooks' | 'invocation' | undefined
  log(level: LogLevel, category: LogCategory, message: string): void
}

interface InvocationModel {
  getArguments(): Promise<{ context: unknown; inputs: unknown[] }>
  invokeFunction(context: unknown, inputs: unknown[], callback: FunctionCallback): Promise<unknown>
  getResponse(context: unknown, result: unknown): Promise<InvocationResponse>
}

export interface ProgrammingModel {
  name: string
  version: string
  getInvocationModel(context: CoreInvocationContext): InvocationModel
  getCapabilities?(capabilities: Record<string, string>): Promise<Record<string, string>>
}
