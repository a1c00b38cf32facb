import type { Caller } from './caller.ts'

/** A request, free of any host. */
export interface ApiRequest {
  /** Names it in logs and to the caller. */
  id: string
  method: string
  /** As it was sent, path and query: for logs, links and its own form, never for who may do what. */
  url: string
  /** Where it comes from, as far as the platform's front end tells. */
  address: string | undefined
  /** Who asks; anonymous until a guard has found out. */
  caller: Caller
  /** The template by which it came, where that is not the route's own path but an older name of it. */
  alias: string | undefined
  path: Readonly<Record<string, string>>
  query: Readonly<Record<string, string>>
  headers: { get(name: string): string | null }
  /** The body's bytes, however often it is asked for. @throws AppError `body_too_large` */
  body(limitBytes: number): Promise<Uint8Array>
}

export interface ApiAnswer {
  status: number
  headers: Record<string, string>
  body: string | Uint8Array
}
