const pattern = /^[a-z0-9]+(-[a-z0-9]+)*$/
const poisonSuffix = '-poison'

/** Source: "Naming queues and metadata", Queue service REST API. */
function isQueueName(name: string): boolean {
  return name.length >= 3 && name.length <= 63 && pattern.test(name)
}

/**
 * The name of a function's queue, in lower case as the queue extension makes it.
 * @param owner whose queue it is, for errors
 * @throws RangeError when no queue can have that name
 */
export function queueName(text: string, owner: string): string {
  const name = text.toLowerCase()
  if (isQueueName(name)) return name
  throw new RangeError(
    `queueName of ${owner} must be 3 to 63 letters, digits and single dashes, with no dash at either end: current value is "${text}"`,
  )
}

/** Where messages go that failed too often; undefined for a queue that can have none: a poison queue itself, or too long a name. */
export function poisonQueueName(name: string): string | undefined {
  const poison = `${name}${poisonSuffix}`
  return name.endsWith(poisonSuffix) || !isQueueName(poison) ? undefined : poison
}
