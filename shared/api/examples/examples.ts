import { z } from 'zod'
import answers from './answers.json' with { type: 'json' }
import type { Example } from './example.ts'
import { exampleRequests } from './requests.ts'

const Answers = z.record(z.string(), z.record(z.string(), z.object({ status: z.int(), body: z.unknown() })))

/**
 * Examples of each operation. Their answers were given by the shop of the tests, which ask again and compare: `npm run contract`
 * writes them anew.
 */
export const examples: Readonly<Record<string, readonly Example[]>> = withAnswers(Answers.parse(answers))

function withAnswers(given: z.infer<typeof Answers>): Record<string, Example[]> {
  const named = Object.entries(exampleRequests).map(([name, requests]) => {
    const told = Object.entries(requests).flatMap(([title, request]) => {
      const answer = given[name]?.[title]
      return answer === undefined ? [] : [{ title, request, answer }]
    })
    return [name, told] as const
  })
  return Object.fromEntries(named)
}
