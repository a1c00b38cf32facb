import { isDeepStrictEqual } from 'node:util'
import type { Example } from '../../shared/api/examples/example.ts'
import { exampleRequests } from '../../shared/api/examples/requests.ts'
import { apiOver } from '../api-by-hand.ts'
import { exampleShop } from './example-shop.ts'

type Answers = Record<string, Record<string, Example['answer'] & { isOfSchema: boolean }>>

/** The document is no example in itself, and neither are its pages. */
const isShown = (name: string, type: string): boolean => type.includes('json') && name !== 'openapi'

/** What a shop of its own answers to each example, and whether that is what the operation says it answers. */
export async function exampleAnswers(): Promise<Answers> {
  const answers: Answers = {}
  for (const [name, requests] of Object.entries(exampleRequests)) {
    for (const [title, request] of Object.entries(requests)) {
      const { call } = apiOver(await exampleShop())
      const { status, type, json, checked } = await call(name, request)
      const isProblem = type === 'application/problem+json'
      const body = isShown(name, type) ? json : null
      const isOfSchema = isProblem || isDeepStrictEqual(checked(), json)
      answers[name] = { ...answers[name], [title]: { status, body, isOfSchema } }
    }
  }
  return answers
}

/** As the document keeps them: those that have a body to show. */
export function recorded(answers: Answers): Record<string, Record<string, Example['answer']>> {
  const shown = Object.entries(answers).map(([name, byTitle]) => {
    const kept = Object.entries(byTitle).flatMap(([title, { status, body }]) =>
      body === null ? [] : [[title, { status, body }] as const],
    )
    return [name, Object.fromEntries(kept)] as const
  })
  return Object.fromEntries(shown.filter(([, byTitle]) => Object.keys(byTitle).length > 0))
}
