import type { Bench } from './report.ts'
import { withSampleStack } from './sample-stack.ts'
import { serveAtRate } from './serve-at-rate.ts'
import { serveLoad } from './serve-load.ts'

export const serveBench: Bench = (step, { rate, seconds = 300, events = 0 }) =>
  rate === undefined
    ? withSampleStack(stack => serveLoad(stack, step), { step })
    : withSampleStack(stack => serveAtRate(stack, { perSecond: rate, seconds, eventsPerSecond: events, step }), {
        step,
      })
