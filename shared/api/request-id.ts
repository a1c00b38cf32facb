/** What names a request: what its sender calls it, where that is a name, or a new one. */
export function requestId(headers: { get(name: string): string | null }, uuid: () => string): string {
  const given = headers.get('x-request-id')
  return given !== null && /^[\w.:-]{1,64}$/.test(given) ? given : uuid()
}
