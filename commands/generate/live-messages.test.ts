import { expect, test } from 'vitest'
import { PostedInteraction } from '../../shared/schemas/interaction.ts'
import { liveMessages } from './live-messages.ts'
import { profiles } from './profiles.ts'

test('live messages are as many as asked for, more than a history has, and fit the contract once taken in', () => {
  const short = { ...profiles.tiny, orderLines: 100, ratings: 0, events: 200, days: 10 }
  const messages = [...liveMessages(short, { seed: 1, count: 1_000 })]
  expect(messages).toHaveLength(1_000)
  for (const message of messages) {
    expect(PostedInteraction.safeParse(message).error).toBeUndefined()
    expect(message).not.toHaveProperty('ts')
    expect(message).not.toHaveProperty('event_id')
  }
})
