import type { Right } from './policy.ts'

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

export function claimRequired(right: Right, path: string): AmqpError {
  return {
    condition: 'amqp:unauthorized-access',
    description: `Unauthorized access. '${right}' claim(s) are required to perform this operation. Resource: 'sb://${path}'.`,
  }
}

export function expiredToken(expiresMs: number): AmqpError {
  return {
    condition: 'amqp:unauthorized-access',
    description: `ExpiredToken: The token is expired. Expiration time: '${new Date(expiresMs).toISOString()}'.`,
  }
}

export function serverBusy(): AmqpError {
  return {
    condition: 'com.microsoft:server-busy',
    description:
      'The request was terminated because the entity is being throttled. Error code : 50002. Please wait 4 seconds and try again.',
  }
}

export function connectionsExceeded(connectionsMax: number): AmqpError {
  return {
    condition: 'amqp:resource-limit-exceeded',
    description: `ConnectionsQuotaExceeded for namespace: it allows ${connectionsMax} connections.`,
  }
}

export function linkStolen(description: string): AmqpError {
  return { condition: 'amqp:link:stolen', description }
}

export function argumentError(description: string): AmqpError {
  return { condition: 'com.microsoft:argument-error', description }
}

export function outOfRange(name: string, value: number): AmqpError {
  return {
    condition: 'com.microsoft:argument-out-of-range',
    description: `The ${name} must not be negative: ${value}.`,
  }
}

export function publisherStolen(epoch: number, current: number): AmqpError {
  return {
    condition: 'com.microsoft:producer-epoch-stolen',
    description: `A producer with the higher epoch '${current}' has taken over from the one with epoch '${epoch}'.`,
  }
}

export function outOfOrder(sequence: number, last: number): AmqpError {
  return {
    condition: 'com.microsoft:out-of-order-sequence',
    description: `The producer sequence number '${sequence}' is out of order: the last one published is '${last}'.`,
  }
}
