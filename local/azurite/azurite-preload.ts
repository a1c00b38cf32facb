import { releaseMemoryAtRest } from '../release-memory.ts'
import { separateExtents } from './azurite-extents.ts'

// Loaded into Azurite's process before Azurite itself. A child must not outlive its parent: when the channel closes,
// Azurite is asked to end as by a signal. The channel must not keep it alive either, or it would never end when asked to.
process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'))
process.channel?.unref()
releaseMemoryAtRest()
separateExtents()
