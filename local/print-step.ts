const isTerminal = process.stdout.isTTY === true

/** Says what is being done, on a terminal how far it is, and how long it took. */
export async function printStep(
  title: string,
  run: (show: (progress: string) => void) => Promise<string>,
): Promise<void> {
  const started = performance.now()
  const show = (progress: string) => {
    if (isTerminal) process.stdout.write(`\r\u001b[K${title} … ${progress}`)
  }
  show('')
  const result = await run(show)
  if (isTerminal) process.stdout.write('\r\u001b[K')
  console.log(`${title}: ${result} (${seconds(started)})`)
}

/** Says what is being done, each part of it that is done below, and how long it took. */
export async function printSteps<T>(title: string, run: (step: (text: string) => void) => Promise<T>): Promise<T> {
  const started = performance.now()
  console.log(`${title} …`)
  const result = await run(text => console.log(`  ${text}`))
  console.log(`  done (${seconds(started)})`)
  return result
}

function seconds(started: number): string {
  return `${((performance.now() - started) / 1000).toFixed(1)} s`
}
