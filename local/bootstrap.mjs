// Plain JavaScript on purpose: it runs on the machine's own Node (20 or newer), installs what package-lock.json
// asks for when that is not there yet, and hands over to the Node 24 that the install brought.
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const stamp = join(root, 'node_modules', '.sidecart-lock')
const node = join(root, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node')

const major = Number(process.versions.node.split('.')[0])
if (major < 20) {
  console.error(`Sidecart needs Node 20 or newer to install itself: this is ${process.version}. See https://nodejs.org`)
  process.exit(1)
}
installWhenLockChanged()

// What stands before the script is for Node.
const given = process.argv.slice(2)
const at = given.findIndex(argument => !argument.startsWith('--'))
const [script, ...args] = given.slice(at)
const child = spawn(
  node,
  ['--disable-warning=ExperimentalWarning', ...given.slice(0, at), join(root, script), ...args],
  {
    stdio: 'inherit',
    // Compiled code is kept: types are stripped once, not at every start.
    env: { NODE_COMPILE_CACHE: join(root, 'node_modules', '.cache', 'sidecart'), ...process.env },
    cwd: process.env.INIT_CWD ?? process.cwd(),
  },
)
// Ctrl-C reaches the whole process group; the child decides when to end, and this process only waits for it.
process.on('SIGINT', () => undefined)
process.on('SIGTERM', () => child.kill('SIGTERM'))
child.on('exit', (code, signal) => process.exit(signal === null ? (code ?? 1) : 1))

function installWhenLockChanged() {
  const lock = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex')
  if (existsSync(node) && existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return
  console.error('Installing packages (once, about a minute) …')
  const started = Date.now()
  const npm = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
    shell: process.platform === 'win32',
  })
  if (npm.status !== 0) {
    console.error('npm ci failed: see the lines above. Is the npm registry reachable?')
    process.exit(1)
  }
  writeFileSync(stamp, lock)
  console.error(`Installed in ${((Date.now() - started) / 1000).toFixed(0)} s.`)
}
