// Loads what any worker may load and leaves it compiled in the cache; the worker itself does nothing without a message.
import { flushCompileCache } from 'node:module'

await Promise.all([
  import('./worker.ts'),
  import('./http-listener.ts'),
  import('./timer-listener.ts'),
  import('./timer-status.ts'),
  import('./ncrontab.ts'),
  import('./queue-listener.ts'),
  import('./storage-queue.ts'),
  import('./event-hub-listener.ts'),
])
flushCompileCache()
process.exit(0)
