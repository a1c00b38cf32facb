import { isIP, isIPv4 } from 'node:net'

/**
 * Whose request it is, by what trusted proxies appended to x-forwarded-for: the entry that the outermost of them wrote. What
 * stands before it anyone may have written.
 * @param proxies how many append one entry each; 0 trusts none, and no address is known
 */
export function clientAddress(forwardedFor: string | null, proxies: number): string | undefined {
  if (forwardedFor === null || proxies === 0) return undefined
  return addressIn(forwardedFor.split(',').at(-proxies)?.trim() ?? '')
}

/** An address without its port, IPv4 written as such. */
function addressIn(text: string): string | undefined {
  const bare = /^\[(.+)\](?::\d+)?$/.exec(text)?.[1] ?? /^([^:]+):\d+$/.exec(text)?.[1] ?? text
  const address = bare.toLowerCase().replace(/^::ffff:(?=\d+\.)/, '')
  return isIP(address) === 0 ? undefined : address
}

/** Addresses that one customer of a network may take at will: one of IPv4, 2^64 of IPv6 (RFC 6177). */
export function addressBlock(address: string): string {
  if (isIPv4(address)) return address
  const [head = '', tail] = address.split('::')
  const groups = (text: string) => text.split(':').filter(Boolean)
  const [before, after] = [groups(head), groups(tail ?? '')]
  const zeros = tail === undefined ? 0 : 8 - before.length - after.length
  const all = [...before, ...Array<string>(Math.max(0, zeros)).fill('0'), ...after]
  return all
    .slice(0, 4)
    .map(group => group.replace(/^0+(?=.)/, ''))
    .join(':')
}
