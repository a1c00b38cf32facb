/** What ends no statement: comments, texts and quoted names; or the end of one. */
const piece = /--.*|\/\*[\s\S]*?\*\/|'(?:''|[^'])*'|"(?:""|[^"])*"|\$(\w*)\$[\s\S]*?\$\1\$|;/g

/** The statements of a script, without their semicolons; `rest` is what no semicolon has ended yet. */
export function splitStatements(script: string): { statements: string[]; rest: string } {
  const statements: string[] = []
  let start = 0
  for (const { 0: text, index } of script.matchAll(piece)) {
    if (text !== ';') continue
    statements.push(script.slice(start, index).trim())
    start = index + 1
  }
  return { statements: statements.filter(isStatement), rest: script.slice(start).trim() }
}

/** Whether there is more than comments. */
export const isStatement = (text: string): boolean =>
  text.replaceAll(piece, found => (/^(--|\/\*)/.test(found) ? '' : found)).trim() !== ''
