// Loads what any worker may load and leaves it compiled in the cache; the worker itself does nothing without a message.
import { flushCompileCache } from 'node:module'

await Promise.all([
  import('../workers/worker.ts'),
  import('../http/http-listener.ts'),
  import('../timers/timer-trigger.ts'),
  import('../queues/queue-listener.ts'),
  import('../queues/storage-queue.ts'),
  import('../event-hubs/event-hub-listener.ts'),
  import('../scaling/event-hub-backlog.ts'),
])
flushCompileCache()
process.exit(0)
