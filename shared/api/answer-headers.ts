import { z } from 'zod'

/** Headers that answers carry besides their body, as the documentation tells of them. */
export const answerHeaders = {
  'x-sidecart-rung': z
    .string()
    .describe(
      'Where the first item comes from: personal, session, item, segment, category, trending, catalogue; or none',
    ),
  'x-sidecart-rungs': z.string().describe('How many items come from where, as personal=8,trending=2'),
  'x-sidecart-model-version': z.string().describe('The published model; absent before the first was'),
  'x-sidecart-degraded': z
    .string()
    .describe(
      'What could not be read, or only an older state of it, as user_documents, catalogue; absent when all is well',
    ),
  'x-sidecart-stale': z
    .string()
    .describe('Seconds since the user’s documents were last known to be unchanged; absent when they are as of now'),
  etag: z.string().describe('The version of what is answered, for if-match and if-none-match'),
  location: z.string().describe('Where it is'),
  'content-disposition': z.string().describe('The name to keep it under'),
  'accept-ranges': z.literal('bytes').describe('That a range of its bytes may be asked for'),
  'content-range': z.string().describe('Which bytes these are, of how many'),
} as const satisfies Record<string, z.ZodType>
export type AnswerHeader = keyof typeof answerHeaders

/** What guards put on answers: the first on every one, the next where a rate is kept, the last on what may be asked again. */
export const guardHeaders = {
  'x-request-id': z.string().describe('Names the request: in our logs, and in yours'),
  traceparent: z
    .string()
    .describe('The trace that what was done is logged under: yours, if you sent one (W3C Trace Context)'),
  ratelimit: z.string().describe('What is left: r requests, t seconds until all of them are there again'),
  'ratelimit-policy': z.string().describe('The limit: q requests within w seconds'),
  'retry-after': z.string().describe('Seconds to wait before it is asked again'),
} as const satisfies Record<string, z.ZodType>

/** What every list of recommendations carries. */
export const listHeaders = [
  ...(['x-sidecart-rung', 'x-sidecart-rungs', 'x-sidecart-model-version'] as const),
  ...(['x-sidecart-degraded', 'x-sidecart-stale'] as const),
] as const
