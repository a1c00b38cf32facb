/**
 * Ways to write an id so that one reader takes it for another than the next does: at least 500, none of them `own`'s. Each is
 * what a route is handed after the host has decoded the path once.
 */
export function idEncodings(id: string, own: string): string[] {
  const characters = [...id]
  const at = (place: number, put: (character: string) => string) =>
    characters.map((character, index) => (index === place ? put(character) : character)).join('')
  const places = characters.map((_, place) => place)
  const hex = (character: string) => character.charCodeAt(0).toString(16).padStart(2, '0')
  const percent = (character: string) => `%${hex(character)}`
  const overlong = (character: string) => `%c1%${(0x80 | (character.charCodeAt(0) & 0x3f)).toString(16)}`
  const fullWidth = (character: string) => String.fromCharCode(character.charCodeAt(0) + 0xfee0)
  const writings = [
    ...[percent, (c: string) => `%25${hex(c)}`, (c: string) => `%u00${hex(c)}`, (c: string) => `\\u00${hex(c)}`],
    ...[
      (c: string) => `&#${c.charCodeAt(0)};`,
      (c: string) => `&#x${hex(c)};`,
      (c: string) => `\\x${hex(c)}`,
      overlong,
    ],
    ...[fullWidth, (c: string) => c.toUpperCase(), (c: string) => `${c}\u0301`, (c: string) => `${c}\u0332`],
    ...[(c: string) => c + c, (c: string) => String.fromCodePoint(0x1d41a + c.charCodeAt(0) - 97)],
  ]
  const unseen = ['\u200b', '\u200c', '\u200d', '\u2060', '\ufeff', '\u00ad', '\u034f', '\u202e', '\u180e', '\0', '%00']
  const around = [
    ...[
      ' ',
      '\t',
      '\n',
      '\r',
      '\u00a0',
      '\u3000',
      '%20',
      '+',
      '.',
      '..',
      '/',
      '//',
      './',
      '../',
      '\\',
      '%2f',
      '%2e',
      '%5c',
    ],
    ...[
      '"',
      "'",
      '`',
      '*',
      '%',
      '_',
      '?',
      '#',
      '&',
      ';',
      ',',
      '|',
      ':',
      '@',
      '=',
      '(',
      ')',
      '[',
      ']',
      '{',
      '}',
      '<',
      '>',
      '$',
    ],
  ]
  const pairs = [
    ',',
    ';',
    '&',
    '|',
    '/',
    '/../',
    '%2f..%2f',
    '\0',
    ' ',
    '\n',
    '%00',
    '&user=',
    '&user_id=',
    '?user=',
    '#',
    ':',
  ]
  const queries = [
    "' OR '1'='1",
    '" OR "1"="1',
    "'--",
    '*',
    '%',
    '$ne',
    '{"$gt":""}',
    '["*"]',
    `["${id}"]`,
    `{"id":"${id}"}`,
  ]
  const cases = Array.from({ length: 2 ** characters.length }, (_, mask) =>
    characters.map((character, index) => (mask & (1 << index) ? character.toUpperCase() : character)).join(''),
  )
  const all = [
    ...[id, ...cases, ...queries],
    ...writings.flatMap(write => [...places.map(place => at(place, write)), characters.map(write).join('')]),
    ...unseen.flatMap(mark => [...places.map(place => at(place, c => mark + c)), id + mark]),
    ...around.flatMap(mark => [mark + id, id + mark, mark + id + mark]),
    ...pairs.flatMap(mark => [own + mark + id, id + mark + own]),
    ...[`session:${id}`, `user:${id}`, `profile:${id}`, `users/${id}`, id.repeat(30), `${id}${'x'.repeat(10_000)}`],
    ...[id.normalize('NFD'), encodeURIComponent(encodeURIComponent(`/${id}`)), Buffer.from(id).toString('base64')],
    ...[Buffer.from(id).toString('base64url'), [...id].reverse().join(''), `${id}@shop.example`],
  ]
  return [...new Set(all)].filter(each => each !== own && each !== '')
}
