import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { compiledKernels, kernelsFile } from './build-kernels.ts'

test('the kernels in the package are those of the sources', async () => {
  const { text } = await compiledKernels()
  // A difference of half a megabyte of base64 tells nobody anything; `npm run kernels` makes them equal.
  expect(readFileSync(kernelsFile, 'utf8') === text).toBe(true)
}, 60_000)
