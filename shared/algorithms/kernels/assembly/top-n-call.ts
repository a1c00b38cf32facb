/** The words that topNBlock reads, as the caller lays them out. Items stand in order of falling norm, each at its place. */
@unmanaged
export class TopNCall {
  users: u32
  items: u32
  factors: u32
  n: u32
  /** 1 when only scores above 0 count */
  positiveOnly: u32
  /** float32, shape (users, factors) */
  userRows: usize
  /** uint32, users + 1: where each user's excluded items begin */
  excludedFrom: usize
  /** uint32, the items excluded for each user in any order; the kernel turns them into ascending places */
  excluded: usize
  /** float32, shape (items, factors), by place */
  rows: usize
  /** uint32, the item at each place */
  ids: usize
  /** uint32, the place of each item */
  places: usize
  /** 7 bits and 64 on top; for each tile and four factors 32 items x 4 factors */
  bytes: usize
  /** float32, for each tile the step of its bytes, what they lost at most and its largest norm, all by the largest norm of all */
  tiles: usize
  /** float64, the largest norm */
  maxNorm: usize
  /** uint32, how many items each user got; 2^32 - 1 for a user whose row is not finite */
  counts: usize
  /** uint32, shape (users, n) */
  foundItems: usize
  /** float32, shape (users, n) */
  foundScores: usize
}
