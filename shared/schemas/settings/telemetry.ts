import { z } from 'zod'
import { number, positive } from './setting.ts'

/** What is told of the app, and to whom. */
export const TelemetrySettings = z.object({
  /** Of Application Insights; without it nothing is sent. */
  APPLICATIONINSIGHTS_CONNECTION_STRING: z
    .string()
    .regex(/InstrumentationKey=/i, { error: 'must be the connection string of an Application Insights resource' })
    .optional()
    .meta({ secret: true }),
  /** How it is opened: `Authorization=AAD` by an identity, of `ClientId` where it is not the system's own. */
  APPLICATIONINSIGHTS_AUTHENTICATION_STRING: z
    .string()
    .regex(/(^|;)Authorization=AAD(;|$)/, { error: 'must be like ClientId=...;Authorization=AAD' })
    .optional(),
  TELEMETRY_SAMPLE_SHARE: number(
    0.05,
    z.number({ error: 'must be a number' }).min(0, { error: 'must be 0 to 1' }).max(1, { error: 'must be 0 to 1' }),
  ),
  TELEMETRY_SLOW_MS: number(500, positive),
})
export type TelemetrySettings = z.infer<typeof TelemetrySettings>
