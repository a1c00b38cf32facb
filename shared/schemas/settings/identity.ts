import { z } from 'zod'
import { required } from './setting.ts'

const overHttps = { error: 'must be an https address; http is for loopback addresses alone' }
const keyRule = { error: 'must have 32 characters or more' }

/** Who gives tokens, and what they are checked by: docs/security.md. */
export const IdentitySettings = z.object({
  /** Of Entra: https://login.microsoftonline.com/TENANT/v2.0 */
  AUTH_ISSUER: required('the tokens’ issuer, like https://login.microsoftonline.com/TENANT/v2.0').refine(
    isSecure,
    overHttps,
  ),
  /** The `aud` of tokens for this API: the client id of its app registration. */
  AUTH_AUDIENCE: required('the client id of the API’s app registration'),
  /** Where the issuer's public keys are, if not where its openid-configuration says. */
  AUTH_JWKS_URI: z.string().refine(isSecure, overHttps).optional(),
  /** Signs shoppers' tokens; a shop's backend that signs its own has it too. */
  SHOPPER_TOKEN_KEY: required('a secret text of 32 characters or more')
    .min(32, keyRule)
    .meta({ secret: true, vault: 'rotates' }),
  /** Of before: tokens it signed are good until they end. */
  SHOPPER_TOKEN_KEY_BEFORE: z.string().min(32, keyRule).optional().meta({ secret: true, vault: 'rotates' }),

  // One of these is set wherever Azure runs an app, by its plan; Source: EnvironmentExtensions of azure-functions-host.
  WEBSITE_INSTANCE_ID: z.string().optional(),
  WEBSITE_POD_NAME: z.string().optional(),
  WEBSITE_SKU: z.string().optional(),
  CONTAINER_NAME: z.string().optional(),
})
export type IdentitySettings = z.infer<typeof IdentitySettings>

/** What the sample settings have, for all to know: no key of a shop that is in Azure. */
const keyOfTheSample = 'only-for-this-machine'

/** Refuses in Azure what only a developer's machine may have: a loopback issuer, and the sample's key. */
export function noLocalIdentityInAzure({ value: settings, issues }: z.core.ParsePayload<IdentitySettings>): void {
  const {
    WEBSITE_INSTANCE_ID: instance,
    WEBSITE_POD_NAME: pod,
    WEBSITE_SKU: plan,
    CONTAINER_NAME: container,
  } = settings
  if (!(instance || pod || plan || container)) return
  for (const name of ['AUTH_ISSUER', 'AUTH_JWKS_URI'] as const) {
    const input = settings[name]
    if (input === undefined || !isLoopback(new URL(input))) continue
    issues.push({ code: 'custom', path: [name], input, message: 'must not be a loopback address in Azure' })
  }
  for (const name of ['SHOPPER_TOKEN_KEY', 'SHOPPER_TOKEN_KEY_BEFORE'] as const) {
    if (!settings[name]?.startsWith(keyOfTheSample)) continue
    issues.push({ code: 'custom', path: [name], input: '', message: 'must not be the sample’s, which all know' })
  }
}

function isSecure(text: string): boolean {
  if (!URL.canParse(text)) return false
  const url = new URL(text)
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url))
}

function isLoopback({ hostname }: URL): boolean {
  return /^(127\.\d+\.\d+\.\d+|\[::1\]|localhost)$/.test(hostname)
}
