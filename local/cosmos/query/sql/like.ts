/** A LIKE pattern as a regular expression: % any characters, _ one, [a-f] one of these, [^a-f] one of the others. */
export function likePattern(pattern: string, escapeBy: string | undefined): RegExp {
  let source = ''
  for (let at = 0; at < pattern.length; at++) {
    const character = pattern.charAt(at)
    if (character === escapeBy && at + 1 < pattern.length) {
      at += 1
      source += literal(pattern.charAt(at))
    } else if (character === '%') source += '.*'
    else if (character === '_') source += '.'
    else if (character === '[' && pattern.includes(']', at)) {
      const end = pattern.indexOf(']', at)
      const set = pattern.slice(at + 1, end)
      const negated = set.startsWith('^')
      source += `[${negated ? '^' : ''}${(negated ? set.slice(1) : set).replace(/[\\\]^]/g, '\\$&')}]`
      at = end
    } else source += literal(character)
  }
  return new RegExp(`^${source}$`, 's')
}

function literal(character: string): string {
  return character.replace(/[\\^$.*+?()[\]{}|/-]/, '\\$&')
}
