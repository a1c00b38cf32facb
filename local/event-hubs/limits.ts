export interface Limits {
  /** Largest transfer a producer link takes, a batch counted as one. */
  messageBytesMax: number
  retentionMs: number
  /** Receivers without an owner level that may read one partition in one consumer group at the same time. */
  receiversPerPartitionMax: number
}

// Source: Event Hubs quotas and limits, standard tier.
export const standardTier: Limits = {
  messageBytesMax: 1_048_576,
  retentionMs: 24 * 3_600_000,
  receiversPerPartitionMax: 5,
}
