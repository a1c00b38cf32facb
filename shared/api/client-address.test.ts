import { describe, expect, test } from 'vitest'
import { addressBlock, clientAddress } from './client-address.ts'

describe('clientAddress()', () => {
  test.each([
    ['203.0.113.7:51234', 1, '203.0.113.7'],
    ['203.0.113.7', 1, '203.0.113.7'],
    ['[2001:DB8::1]:443', 1, '2001:db8::1'],
    ['2001:db8::1', 1, '2001:db8::1'],
    ['[::ffff:203.0.113.7]:80', 1, '203.0.113.7'],
    ['10.0.0.1, 198.51.100.2,203.0.113.7:1', 1, '203.0.113.7'],
    ['10.0.0.1, 198.51.100.2,203.0.113.7:1', 2, '198.51.100.2'],
    ['203.0.113.7', 2, undefined],
    ['10.0.0.1, nonsense', 1, undefined],
    ['10.0.0.1,', 1, undefined],
    ['203.0.113.7', 0, undefined],
    [null, 1, undefined],
  ])('of %s behind %d proxies is %s', (forwardedFor, proxies, address) => {
    expect(clientAddress(forwardedFor, proxies)).toBe(address)
  })
})

test.each([
  ['203.0.113.7', '203.0.113.7'],
  ['2001:db8::1', '2001:db8:0:0'],
  ['2001:0db8:0001:0002:3:4:5:6', '2001:db8:1:2'],
  ['::1', '0:0:0:0'],
  ['fe80::', 'fe80:0:0:0'],
])('addressBlock(%s) is %s', (address, block) => {
  expect(addressBlock(address)).toBe(block)
})
