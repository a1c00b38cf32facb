export interface AmqpError {
  condition: string
  description: string
}

// Conditions and sentences are those of Event Hubs: clients match on both.
export function entityNotFound(path: string): AmqpError {
  return {
    condition: 'amqp:not-found',
    description: `The messaging entity 'sb://${path}' could not be found.`,
  }
}

export function unknownPartition(partitions: number): AmqpError {
  return {
    condition: 'com.microsoft:argument-out-of-range',
    description: `The specified partition is invalid for an EventHub partition sender or receiver. It should be between 0 and ${partitions - 1}.`,
  }
}

export function unauthorized(path: string): AmqpError {
  return {
    condition: 'amqp:unauthorized-access',
    description: `Unauthorized access. A valid token for '${path}' is required on this connection.`,
  }
}

export function linkStolen(description: string): AmqpError {
  return { condition: 'amqp:link:stolen', description }
}

export function argumentError(description: string): AmqpError {
  return { condition: 'com.microsoft:argument-error', description }
}
