import { pseudonymMacros } from '../lake/build/pseudonym.ts'

/** How much of an e-mail's local part, and how many digits of a phone number, stay readable. */
const localPartShown = 2
const digitsShown = 2
/** Of a shorter number the last digits would tell too much. */
const phoneDigitsMin = 5

const namesOfPeople =
  '(?:first|last|middle|given|family|sur|full|maiden|nick|customer|user|recipient|contact|billing|shipping|display)[-_ ]?names?'
const addresses = '(?:street|address|iban|passport)'

/** Fields that hold something about a person, whatever the file: patterns (RE2) of their names in lower case. */
export const personalFields = {
  email: '(?:e[-_ ]?mail|^mail)',
  phone: '(?:phone|mobile|(?:^|[-_ ])(?:tel|cell|fax)(?:[-_ ]|$))',
  name: namesOfPeople,
  address: addresses,
} as const

const jsonField = `"(?:name|mail|tel|fax|[^"]*(?:e[-_ ]?mail|phone|mobile|${namesOfPeople}|${addresses})[^"]*)"`
const jsonText = String.raw`"(?:[^"\\]|\\.)*"|[0-9.+-]+`
const email = String.raw`[^\s@"\\<>,;:()]+@[^\s@"\\<>,;:()]+\.[^\s@"\\<>,;:().]+`

/**
 * Statements that make the macros of masking in a session (I16); each gives null for null, and leaves what is masked as it
 * is:
 * - `mask_email(text)`: `ab***@domain.com` in lower case, never the whole local part; `***` for what is no e-mail
 * - `email_key(text)`: HMAC-SHA256 of the e-mail in lower case without blanks around it, 32 hexadecimal digits
 * - `mask_phone(text)`: `***` and the last two digits; `***` for fewer than five digits
 * - `mask_name(text)`: the first letter of each name: `A. M.`
 * - `mask_text(text)`: free text or JSON, in which e-mails and the values of personal fields are `***`
 */
export function maskMacros(key: string): string {
  return `${pseudonymMacros(key)}
create or replace temp macro clean_email(text) as lower(trim(text));
create or replace temp macro email_key(text) as hmac_key(clean_email(text));
create or replace temp macro mask_local_part(part) as
  case when part like '%***' then part
    else left(part, greatest(0, least(${localPartShown}, length(part) - 1))) || '***' end;
create or replace temp macro mask_email(text) as
  case when text is null then null
    when contains(text, '@') then mask_local_part(regexp_extract(clean_email(text), '^(.*)@', 1, 's'))
      || '@' || regexp_extract(clean_email(text), '@([^@]*)$', 1)
    else '***' end;
create or replace temp macro phone_digits(text) as regexp_replace(text, '[^0-9]', '', 'g');
create or replace temp macro mask_phone(text) as
  case when text is null then null
    when starts_with(text, '***') then text
    when length(phone_digits(text)) >= ${phoneDigitsMin} then '***' || right(phone_digits(text), ${digitsShown})
    else '***' end;
create or replace temp macro mask_name(text) as
  array_to_string(list_transform(list_filter(string_split_regex(text, '[\\s.-]+'), lambda word: word <> ''),
    lambda word: upper(left_grapheme(word, 1)) || '.'), ' ');
create or replace temp macro mask_text(text) as
  case when contains(text, '@') or contains(text, '{')
    then regexp_replace(regexp_replace(text, '(${jsonField}\\s*:\\s*)(?:${jsonText})', '\\1"***"', 'gi'), '${email}', '***', 'g')
    else text end;`
}
