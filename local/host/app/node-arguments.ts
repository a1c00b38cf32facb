// Node's own choice lets the young generation grow to 100 MB of garbage under load, without being any faster.
const defaults = ['--disable-warning=ExperimentalWarning', '--max-semi-space-size=4']

/** Arguments of a worker's Node process; those of Azure's own setting for them come last and win. */
export function nodeArguments({ languageWorkers__node__arguments: text = '' }: Record<string, string>): string[] {
  return [...defaults, ...text.split(/\s+/).filter(argument => argument !== '')]
}
