/** A request as a developer would send it, and what the shop of the examples answers. */
export interface Example {
  title: string
  request: ExampleRequest
  answer: { status: number; body: unknown }
}

/** Parts of the path and query are texts, as they travel. */
export interface ExampleRequest {
  path?: Record<string, string>
  query?: Record<string, string>
  body?: unknown
}
