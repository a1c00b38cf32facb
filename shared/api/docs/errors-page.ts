import { errorTexts } from '../../schemas/error-texts.ts'
import { type ErrorCode, errorCodes } from '../../schemas/errors.ts'
import { escaped, page } from './html.ts'

/** Every code an error can have, with its status, what it means and what to do: where the `type` of a problem leads. */
export function errorsPage(): string {
  const codes = Object.entries<{ meaning: string; remedy: string }>(errorTexts).map(([code, text]) => ({
    ...{ code, ...text, status: Object.hasOwn(errorCodes, code) ? errorCodes[code as ErrorCode] : 500 },
  }))
  const byStatus = codes.toSorted((x, y) => x.status - y.status)
  const content = `<main class="text">
<h1>Errors</h1>
<p>An error is <code>application/problem+json</code>: <code>code</code> is for programs, <code>detail</code> for people, and
<code>errors</code> holds every finding with field, value and reason. Its <code>type</code> leads here.</p>
${byStatus.map(section).join('\n')}
</main>`
  return page({ title: 'Sidecart API: errors', content })
}

const section = ({
  code,
  status,
  meaning,
  remedy,
}: {
  code: string
  status: number
  meaning: string
  remedy: string
}) =>
  `<section id="${code}">
<h2><a href="#${code}"><code>${code}</code></a> <span class="status s${Math.floor(status / 100)}">${status}</span></h2>
<p>${escaped(meaning)}</p>
<p class="remedy">${escaped(remedy)}</p>
</section>`
