// Refuses packages that run in Azure under a licence that nobody has read. Plain JavaScript: it needs no install.
import { readFileSync } from 'node:fs'

/** Licences that ask for no more than their notice; of a choice, one is enough. */
const allowed = ['MIT', 'ISC', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', '0BSD', 'BlueOak-1.0.0', 'Unlicense']
/** Packages that tell their licence elsewhere than in package.json, and what somebody read there. */
const read = { 'semaphore@1.1.0': 'MIT' }

const file = process.argv[2] ?? new URL('../../package-lock.json', import.meta.url)
const { packages } = JSON.parse(readFileSync(file, 'utf8'))
const shipped = Object.entries(packages).filter(([path, { dev }]) => path !== '' && !dev)
const told = shipped.map(([path, { version, license }]) => {
  const id = `${path.replace(/^.*node_modules\//, '')}@${version}`
  return { id, licence: license ?? read[id] ?? 'unknown' }
})
const refused = told.filter(({ licence }) => !choices(licence).some(name => allowed.includes(name)))
for (const { id, licence } of refused) console.error(`${id}: licence ${licence} is not among ${allowed.join(', ')}`)
console.log(`${shipped.length} packages, ${refused.length} refused`)
process.exit(refused.length === 0 ? 0 : 1)

/** `(MIT OR GPL-3.0)` gives both; what has to be kept together (AND) is one name, which nobody allowed. */
function choices(expression) {
  return expression.replace(/^\(|\)$/g, '').split(' OR ')
}
