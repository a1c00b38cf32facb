// Rows times a square matrix.

/** Rows that are turned before they take the place of their originals; a multiple of 4. */
const TILE: usize = 32

/**
 * Turns rows where they stand: row x becomes x M, summed in 32 bits in the order of x's numbers, whatever rows stand
 * around it. Words of parameters: rows (address), number of rows, floats a row takes (a multiple of 8), rows per block,
 * M in panels (address): 8 columns after the other, row-major within a panel.
 * Scratch: 2 x 32 rows.
 */
export function rotateBlock(parameters: usize, block: i32, scratch: usize): void {
  const values = load<usize>(parameters)
  const total = load<usize>(parameters, 4)
  const stride = load<usize>(parameters, 8)
  const blockRows = load<usize>(parameters, 12)
  const panels = load<usize>(parameters, 16)
  const rowBytes = stride << 2
  const first = <usize>block * blockRows
  const end = min(first + blockRows, total)
  const tail = scratch + TILE * rowBytes
  for (let row = first; row < end; row += TILE) {
    const count = min(TILE, end - row)
    const at = values + row * rowBytes
    let source = at
    if (count < TILE) {
      // Four rows are turned at a time: a last tile is filled up, so that nothing beyond the rows is read.
      memory.fill(tail, 0, TILE * rowBytes)
      memory.copy(tail, at, count * rowBytes)
      source = tail
    }
    turnTile(source, (count + 3) & ~3, rowBytes, panels, scratch)
    memory.copy(at, scratch, count * rowBytes)
  }
}

function turnTile(rows: usize, count: usize, rowBytes: usize, panels: usize, into: usize): void {
  const panelBytes = rowBytes << 3
  for (let panel: usize = 0; panel < rowBytes >> 5; panel++) {
    const matrix = panels + panel * panelBytes
    for (let row: usize = 0; row < count; row += 4) {
      turnFour(rows + row * rowBytes, rowBytes, matrix, into + row * rowBytes + (panel << 5))
    }
  }
}

/** Eight numbers of four turned rows, in registers over the whole sum. */
function turnFour(row0: usize, rowBytes: usize, matrix: usize, into: usize): void {
  const row1 = row0 + rowBytes
  const row2 = row1 + rowBytes
  const row3 = row2 + rowBytes
  let c00 = f32x4.splat(0)
  let c01 = f32x4.splat(0)
  let c10 = f32x4.splat(0)
  let c11 = f32x4.splat(0)
  let c20 = f32x4.splat(0)
  let c21 = f32x4.splat(0)
  let c30 = f32x4.splat(0)
  let c31 = f32x4.splat(0)
  for (let k: usize = 0; k < rowBytes; k += 16) {
    const at = matrix + (k << 3)
    const at0 = row0 + k
    const at1 = row1 + k
    const at2 = row2 + k
    const at3 = row3 + k
    let low = v128.load(at, 0)
    let high = v128.load(at, 16)
    let x0 = v128.load32_splat(at0, 0)
    c00 = f32x4.add(c00, f32x4.mul(x0, low))
    c01 = f32x4.add(c01, f32x4.mul(x0, high))
    let x1 = v128.load32_splat(at1, 0)
    c10 = f32x4.add(c10, f32x4.mul(x1, low))
    c11 = f32x4.add(c11, f32x4.mul(x1, high))
    let x2 = v128.load32_splat(at2, 0)
    c20 = f32x4.add(c20, f32x4.mul(x2, low))
    c21 = f32x4.add(c21, f32x4.mul(x2, high))
    let x3 = v128.load32_splat(at3, 0)
    c30 = f32x4.add(c30, f32x4.mul(x3, low))
    c31 = f32x4.add(c31, f32x4.mul(x3, high))
    low = v128.load(at, 32)
    high = v128.load(at, 48)
    x0 = v128.load32_splat(at0, 4)
    c00 = f32x4.add(c00, f32x4.mul(x0, low))
    c01 = f32x4.add(c01, f32x4.mul(x0, high))
    x1 = v128.load32_splat(at1, 4)
    c10 = f32x4.add(c10, f32x4.mul(x1, low))
    c11 = f32x4.add(c11, f32x4.mul(x1, high))
    x2 = v128.load32_splat(at2, 4)
    c20 = f32x4.add(c20, f32x4.mul(x2, low))
    c21 = f32x4.add(c21, f32x4.mul(x2, high))
    x3 = v128.load32_splat(at3, 4)
    c30 = f32x4.add(c30, f32x4.mul(x3, low))
    c31 = f32x4.add(c31, f32x4.mul(x3, high))
    low = v128.load(at, 64)
    high = v128.load(at, 80)
    x0 = v128.load32_splat(at0, 8)
    c00 = f32x4.add(c00, f32x4.mul(x0, low))
    c01 = f32x4.add(c01, f32x4.mul(x0, high))
    x1 = v128.load32_splat(at1, 8)
    c10 = f32x4.add(c10, f32x4.mul(x1, low))
    c11 = f32x4.add(c11, f32x4.mul(x1, high))
    x2 = v128.load32_splat(at2, 8)
    c20 = f32x4.add(c20, f32x4.mul(x2, low))
    c21 = f32x4.add(c21, f32x4.mul(x2, high))
    x3 = v128.load32_splat(at3, 8)
    c30 = f32x4.add(c30, f32x4.mul(x3, low))
    c31 = f32x4.add(c31, f32x4.mul(x3, high))
    low = v128.load(at, 96)
    high = v128.load(at, 112)
    x0 = v128.load32_splat(at0, 12)
    c00 = f32x4.add(c00, f32x4.mul(x0, low))
    c01 = f32x4.add(c01, f32x4.mul(x0, high))
    x1 = v128.load32_splat(at1, 12)
    c10 = f32x4.add(c10, f32x4.mul(x1, low))
    c11 = f32x4.add(c11, f32x4.mul(x1, high))
    x2 = v128.load32_splat(at2, 12)
    c20 = f32x4.add(c20, f32x4.mul(x2, low))
    c21 = f32x4.add(c21, f32x4.mul(x2, high))
    x3 = v128.load32_splat(at3, 12)
    c30 = f32x4.add(c30, f32x4.mul(x3, low))
    c31 = f32x4.add(c31, f32x4.mul(x3, high))
  }
  v128.store(into, c00)
  v128.store(into, c01, 16)
  v128.store(into + rowBytes, c10)
  v128.store(into + rowBytes, c11, 16)
  v128.store(into + 2 * rowBytes, c20)
  v128.store(into + 2 * rowBytes, c21, 16)
  v128.store(into + 3 * rowBytes, c30)
  v128.store(into + 3 * rowBytes, c31, 16)
}
