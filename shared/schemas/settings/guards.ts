import { z } from 'zod'
import { number, weight } from './setting.ts'

const rangeRule = 'must be addresses or ranges like 10.0.0.0/8 or 2001:db8::/32, divided by commas'
const AddressRange = z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()])

/** Addresses and ranges in text; none at all lets every address in. */
const addressRanges = z
  .string()
  .default('')
  .transform((text, context) => {
    const ranges = text.split(/[\s,]+/).filter(Boolean)
    for (const range of ranges) {
      if (AddressRange.safeParse(range).success) continue
      context.addIssue({ code: 'custom', message: `${rangeRule}, and ${range} is none` })
    }
    return ranges
  })

/** What the guards before the routes let through. Rates are of one instance; 0 sets no limit. */
export const GuardSettings = z.object({
  /** Requests a second of one service key or program, and ten seconds' worth of them at once. */
  SERVICE_REQUESTS_PER_SECOND: number(2000, weight).meta({ runTime: true }),
  /** The same of one shopper, */
  SHOPPER_REQUESTS_PER_SECOND: number(20, weight).meta({ runTime: true }),
  /** and of one address: of its shoppers together, and of who gives no identity. */
  ADDRESS_REQUESTS_PER_SECOND: number(200, weight).meta({ runTime: true }),
  /** Refused identities a second of one address: beyond, it is not looked at who it says to be. */
  ADDRESS_REFUSALS_PER_SECOND: number(20, weight).meta({ runTime: true }),
  /** How many proxies before the app append to x-forwarded-for: Azure's own front end, and those before it. */
  TRUSTED_PROXIES: number(1, z.number({ error: 'must be a whole number' }).int().min(0).max(5)),
  /** Who may call at all, */
  ALLOWED_ADDRESSES: addressRanges,
  /** and who may call the routes of operators, administrators and of privacy. */
  ADMIN_ALLOWED_ADDRESSES: addressRanges,
})
export type GuardSettings = z.infer<typeof GuardSettings>
