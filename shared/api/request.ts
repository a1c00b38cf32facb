/** A request, free of any host. */
export interface ApiRequest {
  path: Readonly<Record<string, string>>
  query: Readonly<Record<string, string>>
  headers: { get(name: string): string | null }
  /** The body's bytes. @throws AppError `body_too_large` */
  body(limitBytes: number): Promise<Uint8Array>
}

export interface ApiAnswer {
  status: number
  headers: Record<string, string>
  body: string
}
