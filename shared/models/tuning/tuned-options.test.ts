import { expect, test } from 'vitest'
import { parseTrainingSettings } from '../../schemas/settings.ts'
import { trainingOptions } from '../../training/options.ts'
import { fixedParameters, tunedOptions, tuningParameters } from './tuned-options.ts'

const options = trainingOptions(parseTrainingSettings({}))

test('tuned parameters take the place of the options’ own and are read from them again', () => {
  const start = tuningParameters(options)
  expect(tunedOptions(options, start)).toEqual(options)
  const names = Object.keys(start)
  const tuned = Object.fromEntries(names.map((name, place) => [name, place + 1]))
  const other = { ...start, ...tuned }
  expect(tuningParameters(tunedOptions(options, other))).toEqual(other)
})

test('every parameter is a setting, and one that stands in the environment is fixed', () => {
  const environment = { ALS_FACTORS: '8', ITEM_LINEAR_SHARE: '0.4', POPULARITY_SHARE: ' ', ALS_ALPHA: undefined }
  expect(fixedParameters(environment)).toEqual(['alsFactors', 'itemLinearShare'])
  const settings = Object.keys(parseTrainingSettings({})).map(name => [name, '1'])
  expect(fixedParameters(Object.fromEntries(settings))).toEqual(Object.keys(tuningParameters(options)))
})
