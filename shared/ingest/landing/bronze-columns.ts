import { literal } from '../../lake/delta/table-schema.ts'
import { personalFields } from '../mask-macros.ts'
import { kindsOfFiles, type LandingKind } from './landing-kinds.ts'
import type { Derived, MappedColumns, Mapping } from './mapping-file.ts'
import { RefusedFile } from './refused-file.ts'
import type { SourceColumn } from './source-column.ts'

/** A column as bronze holds it, and the SQL that makes it of the view `received`. */
export interface BronzeColumn {
  name: string
  sql: string
  /** A column that nobody declared: kept under a clean name. */
  isAdded: boolean
}

/** What files say of a person before it is masked, under each name it may come. */
const personal: Readonly<Record<string, readonly string[]>> = {
  email: ['email', 'e_mail', 'e-mail', 'mail', 'email_address', 'e-mail_address', 'email_masked'],
  phone: ['phone', 'phone_number', 'mobile', 'mobile_phone', 'telephone', 'tel', 'phone_masked'],
  name: ['name', 'full_name', 'customer_name', 'name_masked'],
  first_name: ['first_name', 'given_name', 'firstname'],
  last_name: ['last_name', 'family_name', 'surname', 'lastname'],
}
const times = new Set(['ordered_at', 'rated_at', 'updated_at', 'signup_date', 'birth_date'])
const numbers = new Set(['quantity', 'unit_price', 'price', 'cost', 'discount', 'total', 'rating', 'stock', 'line_no'])
/** Texts in which people write what they like. */
const freeTexts = new Set(['review', 'attributes_json', 'description'])

/**
 * The columns of bronze that a file's columns become: by the mapping file, by name and alias, and what is left under clean
 * names. Personal values are masked.
 * @param options.isWhole whether columns that the mapping does not name are taken, too
 * @throws RefusedFile when the mapping names a column that is not there, or a required one is missing
 */
export function bronzeColumns(
  found: readonly SourceColumn[],
  kind: LandingKind,
  { mapping, format, isWhole }: { mapping: MappedColumns; format: Mapping; isWhole: boolean },
): BronzeColumn[] {
  const texts = new Map<string, string>()
  const used = mapped(found, mapping, texts)
  const added: BronzeColumn[] = []
  if (isWhole) {
    const rest = found.filter(({ column }) => !used.has(column))
    const unknown = byName(rest, kind, texts)
    added.push(...addedColumns(unknown, new Set(declared(kind).map(name => name.toLowerCase()))))
  }
  checkRequired(kind, texts, found)
  const known = new Set([...declared(kind), ...(kind === 'customers' ? Object.keys(personal) : [])])
  const strange = [...texts.keys()].filter(name => !known.has(name))
  if (strange.length > 0) {
    throw new RefusedFile(
      `The mapping names ${strange.join(', ')}, which ${kind} do not have: they have ${[...known].join(', ')}`,
    )
  }
  const named = kind === 'customers' ? maskedPerson(texts) : texts
  const columns = [...named].map(([name, sql]) => ({ name, sql: read(name, sql, format), isAdded: false }))
  return [...columns, ...added]
}

/** Whether a file's columns tell of people: then its rows are quoted nowhere. */
export const isPersonal = (found: readonly SourceColumn[], kind: LandingKind): boolean =>
  kind === 'customers' || found.some(({ source }) => maskOf(source) !== undefined)

const declared = (kind: LandingKind): string[] => kindsOfFiles[kind].table.columns.map(({ name }) => name)

function mapped(found: readonly SourceColumn[], mapping: MappedColumns, texts: Map<string, string>): Set<string> {
  const used = new Set<string>()
  const columnOf = (source: string, ours: string): string => {
    const column = found.find(each => each.source.toLowerCase() === source.trim().toLowerCase())?.column
    if (column === undefined) {
      throw new RefusedFile(`The mapping takes ${ours} from the column ${source}: the file has ${listOf(found)}`)
    }
    used.add(column)
    return column
  }
  for (const [ours, source] of Object.entries(mapping.columns)) texts.set(ours, columnOf(source, ours))
  for (const [ours, value] of Object.entries(mapping.constants)) texts.set(ours, literal(value))
  for (const [ours, rule] of Object.entries(mapping.derive)) {
    texts.set(ours, derived(rule, 'from' in rule ? columnOf(rule.from, ours) : ''))
  }
  return used
}

function derived(rule: Derived, column: string): string {
  if ('row_number' in rule) return '_row::varchar'
  const { remove_suffix: suffix, begins_with: beginnings = {}, values = {}, otherwise } = rule
  const text =
    suffix === undefined
      ? column
      : `case when ends_with(${column}, ${literal(suffix)}) then left(${column}, -${suffix.length}) else ${column} end`
  const cases = [
    ...Object.entries(values).map(([from, to]) => `when ${text} = ${literal(from)} then ${literal(to)}`),
    ...Object.entries(beginnings).map(
      ([from, to]) => `when starts_with(${text}, ${literal(from)}) then ${literal(to)}`,
    ),
  ]
  const rest = otherwise === undefined ? text : literal(otherwise)
  return cases.length === 0 ? rest : `case ${cases.join(' ')} else ${rest} end`
}

/** Takes columns by their own name, then by alias; gives those that are unknown. */
function byName(rest: readonly SourceColumn[], kind: LandingKind, texts: Map<string, string>): SourceColumn[] {
  const { aliases } = kindsOfFiles[kind]
  const people = Object.entries(kind === 'customers' ? personal : {})
  const own = new Set(declared(kind).filter(name => !isProvenance(name)))
  const names: ((lower: string) => string | undefined)[] = [
    lower => people.find(([, all]) => all.includes(lower.replaceAll(' ', '_')))?.[0],
    lower => (own.has(lower) ? lower : undefined),
    lower => aliases[lower],
  ]
  let unknown = [...rest]
  for (const nameOf of names) {
    unknown = unknown.filter(({ source, column }) => {
      const name = nameOf(source.toLowerCase())
      if (name === undefined || texts.has(name)) return true
      texts.set(name, column)
      return false
    })
  }
  return unknown
}

const isProvenance = (name: string): boolean => name.startsWith('_') || name === 'schemaVersion'

function addedColumns(unknown: readonly SourceColumn[], reserved: Set<string>): BronzeColumn[] {
  return unknown.map(({ source, column }) => {
    const clean =
      source
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N}]+/gu, '_')
        .replaceAll(/^_+|_+$/g, '')
        .slice(0, 100) || 'column'
    let name = clean
    for (let count = 2; reserved.has(name); count++) name = `${clean}_${count}`
    reserved.add(name)
    return { name, sql: `${maskOf(source) ?? 'mask_text'}(${column})`, isAdded: true }
  })
}

function maskOf(source: string): string | undefined {
  const name = source.toLowerCase()
  const isLike = (pattern: string) => new RegExp(pattern).test(name)
  if (isLike(personalFields.email)) return 'mask_email'
  if (isLike(personalFields.phone)) return 'mask_phone'
  if (isLike(personalFields.name)) return 'mask_name'
  return isLike(personalFields.address) ? 'mask_name' : undefined
}

function maskedPerson(texts: ReadonlyMap<string, string>): Map<string, string> {
  const { email, phone, name, first_name: first, last_name: last, ...rest } = Object.fromEntries(texts)
  const whole = name ?? (first || last ? `concat_ws(' ', ${[first, last].filter(Boolean).join(', ')})` : undefined)
  return new Map([
    ...Object.entries(rest),
    ...(whole === undefined ? [] : [['name_masked', `nullif(mask_name(${whole}), '')`] as const]),
    ...(email === undefined ? [] : [['email_masked', `mask_email(${email})`] as const]),
    ...(email === undefined || rest.email_key !== undefined ? [] : [['email_key', `email_key(${email})`] as const]),
    ...(phone === undefined ? [] : [['phone_masked', `mask_phone(${phone})`] as const]),
  ])
}

function read(name: string, sql: string, { timestamp_format: format, decimal_comma: hasComma }: Mapping): string {
  if (format !== undefined && times.has(name)) {
    return `coalesce(strftime(try_strptime(${sql}, ${literal(format)}), '%Y-%m-%dT%H:%M:%S'), ${sql})`
  }
  if (hasComma && numbers.has(name)) return `replace(replace(${sql}, '.', ''), ',', '.')`
  return freeTexts.has(name) ? `mask_text(${sql})` : sql
}

function checkRequired(kind: LandingKind, texts: ReadonlyMap<string, string>, found: readonly SourceColumn[]): void {
  const { required, together = [] } = kindsOfFiles[kind]
  const needed = together.some(name => texts.has(name)) ? [...required, ...together] : required
  const missing = needed.filter(name => !texts.has(name))
  if (missing.length > 0) {
    throw new RefusedFile(`The header lacks the column ${missing.join(', ')}: it has ${listOf(found)}`)
  }
}

const listOf = (found: readonly SourceColumn[]): string => found.map(({ source }) => source).join(', ')
