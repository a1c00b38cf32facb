// One cold load of a packed app: a process of its own, with nothing of the host but the module the host supplies.
const { registerHooks } = require('node:module')

const core = `module.exports = {
  version: '3.12.0', hostVersion: '4.0.0',
  Disposable: class {}, registerFunction() {}, registerHook() {}, setProgrammingModel() {}, getProgrammingModel() {}, log() {},
}`
registerHooks({
  resolve: (specifier, context, next) =>
    specifier === '@azure/functions-core'
      ? { url: 'core:functions', format: 'commonjs', shortCircuit: true }
      : next(specifier, context),
  load: (url, context, next) =>
    url === 'core:functions' ? { format: 'commonjs', source: core, shortCircuit: true } : next(url, context),
})

const main = process.argv[2]
const before = process.cpuUsage()
const started = performance.now()
require(main)
const { user, system } = process.cpuUsage(before)
const figures = {
  requireMs: performance.now() - started,
  sinceProcessStartMs: performance.now(),
  cpuMs: (user + system) / 1000,
  rssMb: process.memoryUsage().rss / 1e6,
}
process.stdout.write(JSON.stringify(figures), () => process.exit(0))
