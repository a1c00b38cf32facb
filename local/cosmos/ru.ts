/**
 * Request units by a fixed model. Source: Microsoft, "Optimize the cost of your reads and writes in Azure Cosmos DB":
 * a point read takes 1 RU at 1 KB and 10 RU at 100 KB, a create without indexing 5.5 RU and 50 RU, replacing an item twice
 * its create. Between and beyond these sizes the model is linear; below 1 KB it charges for 1 KB.
 * The rest is ours, modest and fixed, because Azure publishes no figure:
 * 0.2 RU for each indexed property path of a written item, doubled by a replace as the whole is;
 * a unique key counts like a path;
 * 2.3 RU for a query, 2.8 RU if it needs the index, 0.25 RU for each KB it loads and 0.03 RU for each row it returns;
 * 1 RU for what is refused, nothing for what is throttled, and for a batch the sum of its operations.
 */
const MINIMUM_CHARGE = 1

export function readCharge(bytes: number): number {
  return linear(bytes, 1, 10)
}

export function createCharge(bytes: number, indexedPaths: number): number {
  return round(linear(bytes, 5.5, 50) + 0.2 * indexedPaths)
}

export function replaceCharge(bytes: number, indexedPaths: number): number {
  return round(2 * createCharge(bytes, indexedPaths))
}

export function deleteCharge(bytes: number, indexedPaths: number): number {
  return createCharge(bytes, indexedPaths)
}

export function queryCharge(query: { usesIndex: boolean; loadedBytes: number; rows: number }): number {
  return round((query.usesIndex ? 2.8 : 2.3) + (0.25 * query.loadedBytes) / 1024 + 0.03 * query.rows)
}

/** A page of the change feed costs what reading its items by a query does. */
export function feedCharge(bytes: number, items: number): number {
  return items === 0 ? MINIMUM_CHARGE : queryCharge({ usesIndex: false, loadedBytes: bytes, rows: items })
}

function linear(bytes: number, atOneKb: number, atHundredKb: number): number {
  const kilobytes = Math.max(1, bytes / 1024)
  return round(atOneKb + ((atHundredKb - atOneKb) * (kilobytes - 1)) / 99)
}

function round(charge: number): number {
  return Math.round(charge * 100) / 100
}
