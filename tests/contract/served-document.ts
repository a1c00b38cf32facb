import type { OpenApiDocument } from '../../shared/api/openapi/document.ts'
import type { apiOver } from '../api-by-hand.ts'

/** The document as a client is given it. */
export async function servedDocument({ call }: Pick<ReturnType<typeof apiOver>, 'call'>): Promise<OpenApiDocument> {
  const { json } = await call('openapi')
  return json as OpenApiDocument
}
