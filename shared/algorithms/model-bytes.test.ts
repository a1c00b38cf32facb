import { expect, test } from 'vitest'
import { decodeModel, decodeModelShape, encodeModel, modelHeaderBytes } from './model-bytes.ts'

const sales = () =>
  encodeModel({
    kind: 'sales',
    shape: [2, 3],
    arrays: [
      Float64Array.of(0.1, 2 ** 52),
      Uint32Array.of(7, 2 ** 32 - 1),
      Float32Array.of(0.5),
      Uint8Array.of(1, 255),
    ],
  })

test.each([0, 1, 2, 3, 4, 5, 6, 7])('arrays come back from bytes that begin %i into their memory', shift => {
  const bytes = sales()
  const memory = new Uint8Array(bytes.length + shift)
  memory.set(bytes, shift)
  const reader = decodeModel(memory.subarray(shift), { kind: 'sales', dimensions: 2 })
  expect(reader.shape).toEqual([2, 3])
  expect([...reader.float64(2)]).toEqual([0.1, 2 ** 52])
  expect([...reader.uint32(2)]).toEqual([7, 2 ** 32 - 1])
  expect([...reader.float32(1)]).toEqual([0.5])
  expect([...reader.uint8(2)]).toEqual([1, 255])
  reader.end()
})

test('numbers stand in the bytes lowest byte first, whatever the array they came from is a part of', () => {
  const part = Uint32Array.of(9, 258, 9).subarray(1, 2)
  const bytes = encodeModel({ kind: 'sales', shape: [1], arrays: [part] })
  expect([...bytes.subarray(modelHeaderBytes(1))]).toEqual([2, 1, 0, 0])
})

test('the header alone tells the shape', () => {
  const header = sales().subarray(0, modelHeaderBytes(2))
  expect(decodeModelShape(header, { kind: 'sales', dimensions: 2 })).toEqual([2, 3])
  expect(() => decodeModelShape(header.subarray(0, -1), { kind: 'sales', dimensions: 2 })).toThrow('only 3 are left')
})
