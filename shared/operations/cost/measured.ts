/**
 * What one of each takes: measured on the local stack, where a command is named, else assumed. Seconds of the processor are those of
 * one core: an instance of 512 MB has a quarter.
 */
export const measured = {
  request: {
    /** README: `npm run bench -- guards` and `serve`, some 2 to 6 ms of a core. */
    cpuSeconds: 0.006,
    waitSeconds: 0.01,
    /** A user who was not here of late is read (docs/lists.md): this share of lists is somebody's first (assumed). */
    coldShare: 0.2,
    coldRequestUnits: 5,
    /** Looks at which users and products changed, at most so often a second while lists are asked for (docs/configuration.md). */
    looksPerSecond: 6,
    lookRequestUnits: 3,
    /** Traces that the sampling keeps, and figures (assumed). */
    logBytes: 300,
  },
  /** README: `npm run bench -- ingest`, a user's lone event; 9 for shoppers in sessions. */
  event: { requestUnits: 12.1, cpuSeconds: 0.0005, storedBytes: 200 },
  impressionsAList: 10,
  batch: {
    waitSeconds: 0.15,
    cpuSeconds: 0.02,
    /** The small counters of the partition. */
    requestUnits: 12,
    /** A segment of bronze; the checkpoint is a blob's metadata, which costs what reads do. */
    blobWrites: 1,
    blobReads: 1,
    logBytes: 600,
  },
  /** Reads of schedules, their state, leases and open runs. */
  look: { seconds: 0.3, requestUnits: 12, blobWrites: 1, blobReads: 2, logBytes: 300 },
  /** The lake and a refresh of a small shop, counted call by call over the memory adapters. */
  lakeHourly: { blobReads: 440, blobWrites: 80, cpuSeconds: 0.6, waitSeconds: 6, requestUnits: 150, logBytes: 20_000 },
  lakeDaily: { blobReads: 1_130, blobWrites: 240, cpuSeconds: 3, waitSeconds: 20, requestUnits: 300, logBytes: 40_000 },
  refresh: { blobReads: 300, blobWrites: 160, cpuSeconds: 2, waitSeconds: 10, requestUnits: 500, logBytes: 20_000 },
  /** docs/benchmarks.md, "A whole refresh": of 100,000 users; a published list that changed is read and replaced (docs/pipeline.md). */
  refreshedUser: { cpuSeconds: 0.0006, requestUnits: 13.2, storedBytes: 3_000 },
  item: { storedBytes: 4_000 },
  /**
   * An instance that listens to a hub looks after its partitions every 30 s: a list and a claim each (Event Hubs processor of .NET),
   * and is taken away when it had nothing to do for some minutes (assumed).
   */
  listener: { everySeconds: 30, keptSeconds: 300 },
  /** Of what is deleted or replaced: soft delete and versions are kept so long. */
  keptDays: 14,
  vaultOperationsPerDay: 200,
} as const
