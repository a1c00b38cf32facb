import { BicepError, type Syntax } from './syntax.ts'

/** A declaration of a file with the decorators above it. */
export interface Declaration {
  kind: 'param' | 'var' | 'resource' | 'module' | 'output'
  name: string
  node: Syntax
  decorators: readonly Syntax[]
}

export interface Template {
  file: string
  scope: string
  declarations: readonly Declaration[]
}

const kinds: Readonly<Record<string, Declaration['kind']>> = {
  parameter_declaration: 'param',
  variable_declaration: 'var',
  resource_declaration: 'resource',
  module_declaration: 'module',
  output_declaration: 'output',
}

/**
 * What a Bicep file declares.
 * @throws BicepError for two declarations of one name and for statements the reader does not know
 */
export function templateOf(syntax: Syntax, file: string): Template {
  const declarations: Declaration[] = []
  let scope = 'resourceGroup'
  let decorators: readonly Syntax[] = []
  for (const node of syntax.parts) {
    if (node.kind === 'decorators') {
      decorators = node.parts
      continue
    }
    if (node.kind === 'target_scope_assignment') scope = node.parts[0]?.parts[0]?.text ?? ''
    else if (node.kind !== 'metadata_declaration') declarations.push(declaration(node, decorators))
    decorators = []
  }
  refuseTwice(declarations)
  return { file, scope, declarations }
}

function declaration(node: Syntax, decorators: readonly Syntax[]): Declaration {
  const kind = kinds[node.kind]
  const name = node.parts[0]?.text
  if (kind === undefined || name === undefined) {
    throw new BicepError(node, `the reader does not know ${node.kind}: ${node.text.slice(0, 60)}`)
  }
  return { kind, name, node, decorators }
}

/** An output may be named as a parameter is. */
function refuseTwice(declarations: readonly Declaration[]): void {
  const seen = new Set<string>()
  for (const { kind, name, node } of declarations) {
    const key = kind === 'output' ? `output ${name}` : name
    if (seen.has(key)) throw new BicepError(node, `${key} is declared twice`)
    seen.add(key)
  }
}

/** A decorator's arguments; undefined when the declaration has none of this name. */
export function decorated({ decorators }: Declaration, name: string): readonly Syntax[] | undefined {
  const found = decorators.map(({ parts: [call] }) => call).find(call => call?.fields.function?.text === name)
  return found?.fields.arguments?.parts
}
