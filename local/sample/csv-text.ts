/** Writes rows as CSV with `\n` line ends; a cell is quoted only where a comma, quote or line break asks for it. */
export function csvText(header: readonly string[], rows: readonly (readonly string[])[]): string {
  return `${[header, ...rows].map(row => row.map(cell).join(',')).join('\n')}\n`
}

function cell(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
