import { test } from 'vitest'

/** How a check of a contract suite is written: the page it holds to, what the service does, and the proof. */
export type Rule<Page extends string> = (
  page: Page,
  sentence: string,
  check: () => Promise<void> | void,
  timeoutMs?: number,
) => void

/**
 * Checks that name the rule of Azure they hold to: each becomes a test called after its sentence and its page. A suite of
 * them reaches the service through its real SDK at an endpoint, so that it can be pointed at Azure itself.
 * @param pages the pages and sources by short name
 */
export function contract<Page extends string>(pages: Readonly<Record<Page, string>>): Rule<Page> {
  return (page, sentence, check, timeoutMs) => test(`${sentence} [${pages[page]}]`, check, timeoutMs)
}
