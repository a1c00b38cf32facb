import { decodeModel, encodeModel } from './model-bytes.ts'
import { decodeNameList, encodeNameList, nameListOf, namesOf } from './name-list.ts'

/** Groups of users who behave alike: what is needed to tell which one a user belongs to. */
export interface Segments {
  /** Of each feature over all users; shape (features). */
  means: Float64Array
  deviations: Float64Array
  /** In deviations from the means, shape (segments, features). */
  centroids: Float64Array
  /** Users of each when they were made; shape (segments). */
  sizes: Uint32Array
  /** What sets each apart, in words. */
  names: readonly string[]
}

/** The number of the segment whose centroid is nearest to a user's features, the lower on ties. */
export function nearestSegment({ means, deviations, centroids }: Segments, features: ArrayLike<number>): number {
  let [nearest, least] = [0, Number.POSITIVE_INFINITY]
  for (let segment = 0; segment * means.length < centroids.length; segment++) {
    let distance = 0
    for (let feature = 0; feature < means.length; feature++) {
      const value = standardised(features[feature]!, means[feature]!, deviations[feature]!)
      distance += (value - centroids[segment * means.length + feature]!) ** 2
    }
    if (distance < least) [nearest, least] = [segment, distance]
  }
  return nearest
}

/** A feature in deviations from its mean: 0 where it is not known, or does not vary. */
export function standardised(value: number, mean: number, deviation: number): number {
  return Number.isNaN(value) || deviation === 0 ? 0 : (value - mean) / deviation
}

/** As bytes: shape (segments, features, bytes of names), then the arrays and the names; see `encodeModel`. */
export function encodeSegments({ means, deviations, centroids, sizes, names }: Segments): Uint8Array {
  const list = encodeNameList(nameListOf(names))
  return encodeModel({
    kind: 'segments',
    shape: [sizes.length, means.length, list.length],
    arrays: [means, deviations, centroids, sizes, list],
  })
}

/** What `encodeSegments` wrote. @throws RangeError when the bytes are no segments of this version */
export function decodeSegments(bytes: Uint8Array): Segments {
  const reader = decodeModel(bytes, { kind: 'segments', dimensions: 3 })
  const [segments = 0, features = 0, listBytes = 0] = reader.shape
  const spread = { means: reader.float64(features), deviations: reader.float64(features) }
  const groups = { centroids: reader.float64(segments * features), sizes: reader.uint32(segments) }
  const names = namesOf(decodeNameList(reader.uint8(listBytes)))
  reader.end()
  return { ...spread, ...groups, names }
}
