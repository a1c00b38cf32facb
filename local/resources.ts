import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { projectRoot } from './project-root.ts'

const Hub = z.object({
  name: z.string(),
  partitions: z.int().min(1).max(32),
  consumerGroups: z.array(z.string()).min(1),
})
const Resources = z.object({
  cosmos: z.object({
    database: z.string(),
    containers: z.array(
      z.object({
        name: z.string(),
        partitionKey: z.string(),
        /** Or the paths that are. */
        indexing: z.union([z.enum(['all', 'none']), z.array(z.string())]),
        /** Items may say after how many seconds they are to be removed; without it all stay. */
        timeToLive: z.literal('of items').optional(),
      }),
    ),
  }),
  eventHubs: z.array(Hub),
  queues: z.array(z.string()),
  /** Functions that are not HTTP, which an app that only serves does without. */
  listeners: z.array(z.string()),
  blobContainers: z.array(z.string()),
})
type Hub = z.infer<typeof Hub>

/** What the app needs to exist, from the same file as the deployment: infra/resources.json. */
export const resources = Resources.parse(JSON.parse(readFileSync(join(projectRoot, 'infra/resources.json'), 'utf8')))

/** `NAME:PARTITIONS:GROUP,...` as a hub; groups default to `$Default`. @throws RangeError for text of another form */
export function hubOption(text: string): Hub {
  const [name, partitions = '4', groups = '$Default'] = text.split(':')
  const hub = Hub.safeParse({ name, partitions: Number(partitions), consumerGroups: groups.split(',') })
  if (name && hub.success) return hub.data
  throw new RangeError(`--hub must be NAME:PARTITIONS:GROUP,... with 1 to 32 partitions: current value is ${text}`)
}
