import { type ScaleController, scaleController } from '../scaling/scale-controller.ts'
import { type ScaleOptions, scaledGroup } from '../scaling/scaled-groups.ts'
import { appProcesses, type ProcessesOptions } from './app-processes.ts'
import type { AdminOrder, FunctionPlan, HttpPlan, OrderAnswer } from './messages.ts'

interface AppOptions extends ProcessesOptions {
  scale: ScaleOptions
}

export interface AppSupervisor {
  /** Resolves when the HTTP functions and all instances that are always ready listen; from then on the app scales. */
  start(): Promise<void>
  plans(): FunctionPlan[]
  port(): number
  workers(): { group: string; instance: number; pid: number }[]
  /** Does what /admin asks for. */
  answer(order: AdminOrder): Promise<OrderAnswer>
  /** Ends all processes; what runs may take that much longer. */
  drain(graceMs: number): Promise<void>
}

/** Runs one app as an instance of a plan does: keeps its processes, scales them, and puts them in drain mode. */
export function superviseApp(options: AppOptions): AppSupervisor {
  const { listen, scale, onEvent } = options
  const app = appProcesses(options, answer)
  let controller: ScaleController | undefined

  async function start(): Promise<void> {
    // The worker of the HTTP functions loads the app first; what it registers tells which other groups there are.
    await app.add('http').scaleTo(1)
    const plans = app.plans().filter((plan): plan is Exclude<FunctionPlan, HttpPlan> => plan.type !== 'http')
    const groups = plans.map(plan => {
      const group = app.add(plan.scaleGroup)
      return scaledGroup(plan, { group, scale, config: listen.config, told: () => app.told(group.name) })
    })
    await Promise.all(groups.map(({ group, limits }) => group.scaleTo(limits.min)))
    app.started()
    const warn = (message: string) => onEvent({ type: 'warning', message })
    controller = scaleController({ groups, pollMs: scale.pollMs, warn })
    controller.start()
  }

  async function answer(order: AdminOrder): Promise<OrderAnswer> {
    switch (order.action) {
      case 'trigger': {
        const { functionName, input } = order
        const group = app.groupOf(functionName)
        if (group === undefined) return { error: `Function "${functionName}" is not there or is disabled` }
        const start = () => app.triggers.start(group, functionName, input)
        const error = await (controller === undefined ? start() : controller.need(group.name, start))
        return error === undefined ? {} : { error }
      }
      case 'drain':
        controller?.pause()
        app.drainMode(true)
        return {}
      case 'drainStatus':
        return { status: app.drainStatus() }
      case 'resume':
        app.drainMode(false)
        controller?.goOn()
        return {}
    }
  }
  return {
    start,
    plans: app.plans,
    port: () => listen.port,
    workers: app.workers,
    answer,
    drain: async graceMs => void (await Promise.all([controller?.stop(), app.drain(graceMs)])),
  }
}
