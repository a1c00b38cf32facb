import { AppError } from '../schemas/errors.ts'
import type { ApiRequest } from './request.ts'

/** The entity tag of a stored version, as the header `etag` has it: strong, in quotes. Source: RFC 9110, section 8.8.3. */
export const entityTag = (version: string): string => `"${version.replaceAll('"', '')}"`

/**
 * Refuses a change whose `if-match` names another version than the stored one, or whose `if-none-match: *` wants none to
 * be there. The write itself has to be conditional on `version` too, as another may come between. Source: RFC 9110, section 13.
 * @param version of what is stored: a document's etag; undefined where nothing is
 * @throws AppError `precondition_failed`
 */
export function checkPreconditions({ headers }: Pick<ApiRequest, 'headers'>, version: string | undefined): void {
  const [match, noneMatch] = [headers.get('if-match'), headers.get('if-none-match')]
  if (match !== null && !(version !== undefined && holds(match, version))) throw refused('if-match', match, version)
  if (noneMatch !== null && version !== undefined && holds(noneMatch, version)) {
    throw refused('if-none-match', noneMatch, version)
  }
}

/** What a write that lost its race answers, as if it had come after the other. */
export const changedMeanwhile = (): AppError =>
  new AppError('precondition_failed', 'It was changed by another request at the same time: read it again, then repeat')

/** Whether a list of entity tags names the version; a weak one never does. */
function holds(tags: string, version: string): boolean {
  const tag = entityTag(version)
  return tags.trim() === '*' || tags.split(',').some(each => each.trim() === tag)
}

function refused(header: string, value: string, version: string | undefined): AppError {
  const now = version === undefined ? 'nothing is stored' : `the stored version is ${entityTag(version)}`
  const field = { code: 'precondition', field: header, value: value.slice(0, 200), reason: `does not hold: ${now}` }
  return new AppError('precondition_failed', `Nothing was changed, as ${header} does not hold: ${now}`, [field])
}
