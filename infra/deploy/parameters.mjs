// Prints the templates' parameters with the environment's values in them, as azd does: `${NAME}` is needed, `${NAME=default}` is not.
// SIDECART_VARIABLES may hold more values, as JSON: a workflow's variables. Plain JavaScript: it needs no install.
import { readFileSync } from 'node:fs'

const file = new URL('../bicep/main.parameters.json', import.meta.url)
const given = { ...JSON.parse(process.env.SIDECART_VARIABLES || '{}'), ...process.env }
const written = JSON.parse(readFileSync(file, 'utf8'))
const missing = []

const parameters = Object.entries(written.parameters).map(([name, { value }]) => [
  name,
  { value: typed(filled(value)) },
])
if (missing.length > 0) {
  console.error(`Not set: ${missing.join(', ')}`)
  process.exit(1)
}
console.log(JSON.stringify({ ...written, parameters: Object.fromEntries(parameters) }, null, 2))

function filled(text) {
  return text.replace(/\$\{(\w+)(=([^}]*))?\}/g, (_, name, hasDefault, fallback) => {
    if (given[name]) return given[name]
    if (hasDefault === undefined) missing.push(name)
    return fallback ?? ''
  })
}

/** Azure takes no text where a template asks for true or false. */
function typed(text) {
  return text === 'true' || text === 'false' ? text === 'true' : text
}
