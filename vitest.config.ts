import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['**/*.test.ts'],
    exclude: ['node_modules/**', 'dist/**', '.local/**'],
    globalSetup: 'tests/global-setup.ts',
    pool: 'forks',
    maxWorkers: 2,
    // A fresh process for each of 400 files costs half a second each.
    isolate: false,
    testTimeout: 20_000,
    hookTimeout: 60_000,
  },
})
