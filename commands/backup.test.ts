import { afterEach, expect, test, vi } from 'vitest'
import { BackupError } from '../shared/backup/backup-error.ts'
import { asCommand } from './backup/as-command.ts'
import { placeOf } from './backup/place-of.ts'
import { UsageError } from './evaluate/usage-error.ts'

afterEach(() => void vi.restoreAllMocks())

test('a backup is in a folder, or in one of a container', () => {
  expect(placeOf('--out', '/backups/monday').prefix).toBe('monday')
  expect(placeOf('--out', 'https://shop.blob.core.windows.net/backups/monday/').prefix).toBe('backups/monday')
  expect(() => placeOf('--out', undefined)).toThrow('--out must be a folder')
  expect(() => placeOf('--from', 'https://shop.blob.core.windows.net/backups')).toThrow('current value is https://shop')
})

test('what is wrong is told in a line with a status, and a bug is not hidden', async () => {
  const told = vi.spyOn(console, 'error').mockImplementation(() => undefined)
  const refused = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:1'), { code: 'ECONNREFUSED' })
  const statusOf = (error: Error) => asCommand(() => Promise.reject(error))
  expect(await statusOf(new UsageError('--out must be a folder'))).toBe(2)
  expect(await statusOf(new BackupError('There is no finished backup'))).toBe(1)
  expect(await statusOf(refused)).toBe(1)
  expect(told.mock.calls.flat()).toEqual([
    '--out must be a folder. See --help.',
    'There is no finished backup',
    expect.stringContaining('Nobody answers: connect ECONNREFUSED 127.0.0.1:1'),
  ])
  await expect(statusOf(new TypeError('a bug'))).rejects.toThrow('a bug')
})
