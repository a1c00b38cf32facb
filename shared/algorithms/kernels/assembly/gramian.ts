// placeholder: replaced by the ALS helper
export function gramianBlock(parameters: usize, block: i32, scratch: usize): void {
  const rows = load<usize>(parameters)
  const from = load<i32>(parameters, 4)
  const into = load<usize>(parameters, 8)
  let sum: v128 = f32x4.splat(0)
  for (let i = 0; i < 16; i++) sum = f32x4.add(sum, v128.load(rows + ((<usize>(from + block * 16 + i)) << 4)))
  v128.store(into + ((<usize>block) << 4), sum)
}
