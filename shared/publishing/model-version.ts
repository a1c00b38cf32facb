import type { StageContext } from '../runs/stage.ts'

/** What a run's generation is called: `2026-01-31T02-00-g7`. */
export const modelVersionOf = ({ createdAt, token }: Pick<StageContext, 'createdAt' | 'token'>): string =>
  `${createdAt.slice(0, 16).replaceAll(':', '-')}-g${token}`
