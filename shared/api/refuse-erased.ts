import { AppError } from '../schemas/errors.ts'
import type { Shop } from '../serving/shop.ts'

/** Refuses to keep anything of somebody who was erased. @throws AppError `unknown_user` */
export async function refuseErased(userId: string, shop: Pick<Shop, 'isErased'>): Promise<void> {
  if (!(await shop.isErased(userId))) return
  throw new AppError('unknown_user', 'The user was erased: nothing more is kept under this id', [
    { code: 'unknown', field: 'id', value: userId, reason: 'was erased' },
  ])
}
