/**
 * Exchanges rows and columns of a sparse matrix; columns stay ascending within a row. One block. Straight twin: `transpose`
 * of shared/algorithms/csr.ts.
 * Words of parameters: rows, columns, and the addresses of: the rows' entries (indptr), columns, values, and the same three
 * of the result, its indptr zeros.
 * Scratch: two words for each entry and one for each column.
 */
export function transposeBlock(parameters: usize, _block: i32, scratch: usize): void {
  const rows = load<usize>(parameters)
  const columns = load<usize>(parameters, 4)
  const indptr = load<usize>(parameters, 8)
  const columnsOf = load<usize>(parameters, 12)
  const toValues = load<usize>(parameters, 16) - columnsOf
  const into = load<usize>(parameters, 20)
  const rowsOf = load<usize>(parameters, 24)
  const intoValues = load<usize>(parameters, 28) - rowsOf
  const bytes = load<usize>(indptr + (rows << 2)) << 2
  const next = scratch + 2 * bytes
  countStarts(into, columns, columnsOf, columnsOf + bytes)
  memory.copy(next, into, columns << 2)
  // Places are met at random: row and value go side by side first, so that a place is one line of memory, not two.
  let at = columnsOf
  for (let row: usize = 0; row < rows; row++) {
    for (const end = columnsOf + (load<usize>(indptr + (row << 2), 4) << 2); at < end; at += 4) {
      const place = next + (load<usize>(at) << 2)
      const target = load<usize>(place)
      store<usize>(place, target + 1)
      store<usize>(scratch + (target << 3), row)
      store<f32>(scratch + (target << 3), load<f32>(at + toValues), 4)
    }
  }
  for (let entry: usize = 0; entry < bytes; entry += 4) {
    store<usize>(rowsOf + entry, load<usize>(scratch + (entry << 1)))
    store<f32>(rowsOf + entry + intoValues, load<f32>(scratch + (entry << 1), 4))
  }
}

/** The number of entries before each column, and at last that of all. */
function countStarts(into: usize, columns: usize, from: usize, end: usize): void {
  for (let at = from; at < end; at += 4) {
    const count = into + (load<usize>(at) << 2)
    store<u32>(count, load<u32>(count, 4) + 1, 4)
  }
  for (let at = into, last = into + (columns << 2); at < last; at += 4) store<u32>(at, load<u32>(at) + load<u32>(at, 4), 4)
}
