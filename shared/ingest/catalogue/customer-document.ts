import type { z } from 'zod'
import type { Sha256 } from '../../ports.ts'
import { Customer } from '../../schemas/catalogue.ts'
import type { UserId } from '../../schemas/ids.ts'
import { type FieldsSet, setFields } from './dated-fields.ts'

const CustomerFields = Customer.pick({
  ...{ country: true, region: true, birth_year: true, deleted: true },
  ...{ segment: true, loyalty: true, standing: true },
}).partial()
export type CustomerFields = z.infer<typeof CustomerFields>

/** The document of a customer after changes; one of whom nothing is known has no country. */
export function customerAfter(
  userId: UserId,
  before: Customer | undefined,
  { steps, applied }: { steps: readonly FieldsSet<CustomerFields>[]; applied?: Customer['applied'] },
  sha256: Sha256,
): Customer {
  const known = { fields: before ? CustomerFields.parse(before) : {}, changed: before?.changed ?? {} }
  const { fields, changed } = setFields(known, steps, raw => CustomerFields.parse(raw))
  const { country = '', deleted = false, region, birth_year, segment, loyalty, standing } = fields
  const content = { country, deleted, region: region || undefined, birth_year, segment, loyalty, standing }
  const row_hash = sha256(JSON.stringify(content)).slice(0, 16)
  return { id: 'customer', user_id: userId, ...content, row_hash, changed, applied: applied ?? before?.applied }
}
