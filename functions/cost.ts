import { app } from '@azure/functions'
import { BudgetWatch } from '../shared/operations/cost/budget-watch.ts'
import { usageOf } from '../shared/operations/cost/usage.ts'
import { UsageMeter } from '../shared/operations/cost/usage-meter.ts'
import { ports, settings } from './app.ts'

const used = async () => usageOf(await ports.telemetry.series(), { memoryMb: settings.MEMORY_MB })
const meter = new UsageMeter({ writer: ports.uuid(), used }, ports)
const budget = new BudgetWatch(ports)
/** Whether lists may leave places to chance: not while the month's budget slows. */
export const explores = () => !budget.isSlowed

// What this process uses is told in the background: no invocation waits for it.
app.hook.preInvocation(() => {
  meter.keepWritten()
  budget.keepFresh()
})
// Also when nothing calls any more: an instance is taken away some minutes after its last invocation.
setInterval(() => meter.keepWritten(), 60_000).unref()
app.hook.appTerminate(() => meter.end())
