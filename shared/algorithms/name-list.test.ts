import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeNameList, encodeNameList, nameListOf, namesOf } from './name-list.ts'

test('names come back as they were, whatever their letters', () => {
  const names = ['anna', '', 'Zoë', '\uFEFFben', '😀', 'u1']
  expect(namesOf(nameListOf(names))).toEqual(names)
  expect(namesOf(decodeNameList(encodeNameList(nameListOf(names))))).toEqual(names)
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'grapheme' })), any => {
      expect(namesOf(decodeNameList(encodeNameList(nameListOf(any))))).toEqual(any)
    }),
  )
})

test('a part of a list gives the names of that part', () => {
  const { bytes, offsets } = nameListOf(['anna', 'Zoë', 'ben', 'carl'])
  const part = { offsets: offsets.subarray(1, 4), bytes: bytes.subarray(offsets[1], offsets[3]) }
  expect(namesOf(part)).toEqual(['Zoë', 'ben'])
})

test('no names are an empty list', () => {
  expect(namesOf(decodeNameList(encodeNameList(nameListOf([]))))).toEqual([])
})
