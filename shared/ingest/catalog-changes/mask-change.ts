import { emailKey, maskEmail, maskName, maskPhone, maskText } from './mask-values.ts'

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Changes of these say nothing about a person. */
const impersonal: readonly unknown[] = ['item', 'stock', 'price']
/** Fields of the contract: how a change is told apart, not who it is about. */
const envelope = new Set(['schema_version', 'change_id', 'op', 'entity', 'key', 'ts'])

const people =
  '(?:first|last|middle|given|family|sur|full|maiden|nick|customer|user|recipient|contact|billing|shipping|display)'
const emailName = /e[-_ ]?mail|^mail/i
const phoneName = /phone|mobile|(?:^|[-_ ])(?:tel|cell|fax)(?:[-_ ]|$)/i
const personName = new RegExp(`^name(?:_masked)?$|${people}[-_ ]?names?`, 'i')
const addressName = /street|address|iban|passport/i
const keyOfEmail = /^[\da-f]{32}$/

/**
 * A message of the hub without anything that names a person (I16): of a customer the e-mail becomes `email_masked` and
 * `email_key`, the phone `phone_masked`, names `name_masked`, as bronze has them; whatever else may hold such things is
 * masked where it stands. What is masked already stays as it is, and so do products.
 */
export function maskChange(body: unknown, key: string): unknown {
  if (!isRecord(body)) return masked(body)
  if (impersonal.includes(body.entity)) return body
  return Object.fromEntries(
    Object.entries(body).map(([field, value]) => {
      if (envelope.has(field)) return [field, value]
      return [field, field === 'data' && isRecord(value) ? maskedCustomer(value, key) : maskedField(field, value)]
    }),
  )
}

function maskedCustomer(data: Readonly<Record<string, unknown>>, key: string): Record<string, unknown> {
  const kept: Record<string, unknown> = {}
  const names: string[] = []
  for (const [field, value] of Object.entries(data)) {
    const text = typeof value === 'string' || typeof value === 'number' ? String(value) : undefined
    if (field === 'email_key' && text !== undefined && keyOfEmail.test(text)) kept.email_key = text
    else if (text === undefined || !isPersonal(field)) kept[field] = maskedField(field, value)
    else if (emailName.test(field)) {
      kept.email_masked = maskEmail(text)
      if (!text.includes('***')) kept.email_key = emailKey(text, key)
    } else if (phoneName.test(field)) kept.phone_masked = maskPhone(text)
    else if (personName.test(field)) names.push(text)
    else kept[field] = '***'
  }
  return names.length === 0 ? kept : { ...kept, name_masked: maskName(names.join(' ')) }
}

const isPersonal = (field: string) => [emailName, phoneName, personName, addressName].some(name => name.test(field))

function maskedField(field: string, value: unknown): unknown {
  return isPersonal(field) && value !== null && typeof value !== 'boolean' ? '***' : masked(value)
}

function masked(value: unknown): unknown {
  if (typeof value === 'string') return maskText(value)
  if (Array.isArray(value)) return value.map(masked)
  if (!isRecord(value)) return value
  return Object.fromEntries(Object.entries(value).map(([field, inner]) => [field, maskedField(field, inner)]))
}
