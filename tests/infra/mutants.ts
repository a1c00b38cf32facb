import { parseBicep, type Syntax } from './bicep/syntax.ts'

/** A fault that a reader would make, planted in one file. */
export interface Mutant {
  kind: MutantKind
  file: string
  line: number
  /** What was there, and what is there now. */
  change: string
  text: string
}
type MutantKind = (typeof mutantKinds)[number]
export const mutantKinds = [
  ...([
    'flip boolean',
    'change number',
    'change string',
    'change api version',
    'drop property',
    'swap values',
  ] as const),
  ...(['remove declaration', 'drop element', 'wrong condition', 'wrong reference', 'drop @secure'] as const),
] as const

type Edit = Omit<Mutant, 'file' | 'line' | 'text'> & { at: Syntax; start: number; end: number; by: string }

/**
 * Every fault of these kinds that can be planted in a file. Left out are descriptions and comments, which deploy nothing, and the
 * bounds of decorators, which only people meet; what does not parse any more is left out by who plants it.
 */
export function mutantsOf(text: string, file: string): Mutant[] {
  const root = parseBicep(text, file)
  return [...root.parts.flatMap(node => (node.kind === 'decorators' ? withoutSecure(node) : planted(node)))]
    .map(({ at, start, end, by, kind, change }) => ({
      ...{ kind, file, line: at.line, change },
      text: text.slice(0, start) + by + text.slice(end),
    }))
    .filter(mutant => mutant.text !== text)
}

function planted(node: Syntax): Edit[] {
  return [...removed(node), ...within(node, undefined)]
}

/** A resource, a module or an output that is not there. */
function removed(node: Syntax): Edit[] {
  if (!['resource_declaration', 'module_declaration', 'output_declaration'].includes(node.kind)) return []
  return [{ kind: 'remove declaration', at: node, start: node.start, end: node.end, by: '', change: firstLine(node) }]
}

function within(node: Syntax, parent: Syntax | undefined): Edit[] {
  const children = node.parts.flatMap(part => within(part, node))
  switch (node.kind) {
    case 'boolean':
      return [edit('flip boolean', node, node.text === 'true' ? 'false' : 'true')]
    case 'number':
      return [edit('change number', node, String(Number(node.text) + 1))]
    case 'string':
      return isName(node, parent) ? children : [...children, ...inString(node)]
    case 'object':
      return [...children, ...inObject(node)]
    case 'array':
      return [
        ...children,
        ...node.parts.map(part => ({ ...edit('drop element', part, ''), change: `without ${firstLine(part)}` })),
      ]
    case 'if_statement':
      return [...children, ...conditions(node.parts[0])]
    case 'ternary_expression':
      return [...children, ...conditions(node.fields.condition)]
    case 'member_expression':
      return [...children, ...references(node)]
    default:
      return children
  }
}

/** What a string is called by: a property’s name, the type of a resource, the file of a module. */
function isName(node: Syntax, parent: Syntax | undefined): boolean {
  return parent?.kind === 'object_property' && parent.parts[0] === node
}

function inString(node: Syntax): Edit[] {
  const [, type, version] = /^'([\w./]+)@(\d{4}-\d\d-\d\d[\w-]*)'$/.exec(node.text) ?? []
  if (type !== undefined && version !== undefined) {
    const other = version.replace(/^\d{4}/, year => String(Number(year) - 1))
    return [{ ...edit('change api version', node, `'${type}@${other}'`), change: `${type}@${other}` }]
  }
  // Of a module’s path any change is a file that is not there.
  if (/\.bicep'$|\.json'$/.test(node.text)) return []
  const [content] = node.parts.filter(({ kind }) => kind === 'string_content')
  if (content === undefined) return node.parts.length === 0 ? [edit('change string', node, "'x'")] : []
  return [edit('change string', content, changed(content.text))]
}

/** Another string of the same look: a digit or a letter in it is the next one. */
function changed(text: string): string {
  const at = Math.floor(text.length / 2)
  const letter = [...text].findIndex((character, index) => index >= at && /[a-z0-9]/i.test(character))
  if (letter < 0) return `${text}x`
  const before = text[letter] ?? ''
  const next = /[zZ9]/.test(before) ? { z: 'a', Z: 'A', 9: '0' }[before] : String.fromCharCode(before.charCodeAt(0) + 1)
  return text.slice(0, letter) + next + text.slice(letter + 1)
}

function inObject(node: Syntax): Edit[] {
  const properties = node.parts.filter(({ kind }) => kind === 'object_property')
  const dropped = properties.map(property => ({
    ...edit('drop property', property, ''),
    change: `without ${firstLine(property)}`,
  }))
  const swapped = properties.slice(1).flatMap((property, index) => {
    const [left, right] = [properties[index]?.parts[1], property.parts[1]]
    if (!left || !right || left.text === right.text || left.kind !== right.kind) return []
    const between = node.text.slice(left.end - node.start, right.start - node.start)
    return [
      {
        ...{ kind: 'swap values' as const, at: left, start: left.start, end: right.end },
        ...{ by: right.text + between + left.text, change: `${firstLine(left)} <-> ${firstLine(right)}` },
      },
    ]
  })
  return [...dropped, ...swapped]
}

function conditions(node: Syntax | undefined): Edit[] {
  if (node === undefined) return []
  const inner = node.kind === 'parenthesized_expression' ? node.parts[0] : node
  if (inner === undefined) return []
  const by = `!(${inner.text})`
  return [edit('wrong condition', node, node === inner ? by : `(${by})`)]
}

/** Another property of the same thing: the client’s id for the principal’s, the name for the id. */
const others: Readonly<Record<string, string>> = {
  ...{ id: 'name', name: 'id', clientId: 'principalId', principalId: 'clientId' },
  ...{ workspaceId: 'componentId', componentId: 'workspaceId' },
}
function references(node: Syntax): Edit[] {
  const property = node.fields.property
  const other = others[property?.text ?? '']
  return property === undefined || other === undefined ? [] : [edit('wrong reference', property, other)]
}

function withoutSecure(node: Syntax): Edit[] {
  return node.parts.filter(({ text }) => text === '@secure()').map(part => edit('drop @secure', part, ''))
}

function edit(kind: MutantKind, at: Syntax, by: string): Edit {
  return { kind, at, start: at.start, end: at.end, by, change: `${firstLine(at)} -> ${by}` }
}

function firstLine({ text }: Syntax): string {
  return text.split('\n')[0]?.slice(0, 80) ?? ''
}
