import { expect, test } from 'vitest'
import { Remembered } from './remembered.ts'

function shelf(max: number) {
  const loaded: string[] = []
  const remembered = new Remembered<string>(max)
  const get = (key: string) =>
    remembered.get(key, async () => {
      loaded.push(key)
      return key.toUpperCase()
    })
  return { get, loaded }
}

test('a value is loaded once, also when it is asked for twice at the same moment', async () => {
  const { get, loaded } = shelf(2)
  expect(await Promise.all([get('pen'), get('pen')])).toEqual(['PEN', 'PEN'])
  expect(await get('pen')).toBe('PEN')
  expect(loaded).toEqual(['pen'])
})

test('of too many values the one not used for longest is forgotten', async () => {
  const { get, loaded } = shelf(2)
  for (const key of ['pen', 'cup', 'pen', 'tea', 'pen', 'cup']) await get(key)
  expect(loaded).toEqual(['pen', 'cup', 'tea', 'cup'])
})

test('a load that fails is forgotten and tried again', async () => {
  const remembered = new Remembered<string>(2)
  await expect(remembered.get('pen', () => Promise.reject(new Error('away')))).rejects.toThrow('away')
  expect(await remembered.get('pen', async () => 'PEN')).toBe('PEN')
})
