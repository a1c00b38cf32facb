import type { Bench } from './report.ts'
import { withSampleStack } from './sample-stack.ts'
import { serveLoad } from './serve-load.ts'

export const serveBench: Bench = step => withSampleStack(stack => serveLoad(stack, step), { step })
