import { AppError } from '../../schemas/errors.ts'

/**
 * The bytes a header `range` asks for, from (included) to (excluded); undefined where it asks for all, or for what may be
 * answered by all: several ranges, another unit. Source: RFC 9110, section 14.
 * @throws AppError `range_not_satisfiable`
 */
export function byteRange(header: string | null, bytes: number): { from: number; to: number } | undefined {
  const [, first = '', last = ''] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header ?? '') ?? []
  if (first === '' && last === '') return undefined
  const from = first === '' ? Math.max(0, bytes - Number(last)) : Number(first)
  const to = first === '' || last === '' ? bytes : Math.min(bytes, Number(last) + 1)
  // A last byte before the first is no range at all, and as good as none was sent.
  if (first !== '' && last !== '' && Number(last) < Number(first)) return undefined
  if (from < bytes && from < to) return { from, to }
  const reason = `must lie within the ${bytes} bytes there are`
  throw new AppError('range_not_satisfiable', `The range ${reason}`, [
    { code: 'invalid', field: 'range', value: header, reason },
  ])
}
