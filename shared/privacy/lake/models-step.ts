import { eraseFromModels } from '../../training/erase-from-models.ts'
import type { EraseStep } from '../erasure/erase-step.ts'

/** Models of all generations: rows stay, under a name that is nobody's. */
export const modelsStep: EraseStep = {
  store: 'models',
  about: 'ids of users by row, and whose neighbours they are; vectors stay, as nobody’s',
  erase: async ({ ids }, { ports }) => {
    const found = await eraseFromModels(ids, ports)
    return { found, removed: found }
  },
}
