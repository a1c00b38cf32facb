// The app that HTTP streams are tested with: bodies pass through its functions without ever being whole.
const { createHash } = require('node:crypto')
const { app } = require('@azure/functions')

app.setup({ enableHttpStream: true })

const gates = new Map()
function gate(name) {
  if (!gates.has(name)) gates.set(name, Promise.withResolvers())
  return gates.get(name)
}
const seen = new Map()
const chunkOf = (index, bytes) => Buffer.alloc(bytes, index % 256)

app.http('inspect', {
  methods: ['GET', 'POST', 'PUT', 'DELETE'],
  route: 'inspect/{first?}',
  handler: async request => ({
    status: 201,
    headers: { 'x-shop': 'from the function' },
    cookies: [{ name: 'seen', value: 'yes', path: '/' }],
    jsonBody: {
      method: request.method,
      url: request.url,
      params: request.params,
      tags: request.query.getAll('tag'),
      headers: Object.fromEntries(request.headers),
      body: await request.text(),
    },
  }),
})
app.http('digest', {
  methods: ['POST'],
  handler: async request => {
    const hash = createHash('sha256')
    let bytes = 0
    for await (const chunk of request.body ?? []) {
      hash.update(chunk)
      bytes += chunk.length
    }
    return { jsonBody: { bytes, sha256: hash.digest('hex') } }
  },
})
app.http('mirror', { methods: ['POST'], handler: request => ({ body: request.body }) })
// Sends `chunks` chunks of `bytes` bytes; behind each it waits for its gate when one is named.
app.http('pour', {
  methods: ['GET'],
  handler: request => {
    const number = name => Number(request.query.get(name))
    const gateName = request.query.get('gate')
    async function* body() {
      for (let index = 0; index < number('chunks'); index++) {
        yield chunkOf(index, number('bytes'))
        if (gateName) await gate(`${gateName}-${index}`).promise
      }
    }
    return { headers: { 'content-type': 'application/octet-stream' }, body: body() }
  },
})
// Reads its body only once its gate is open, and keeps what became of it.
app.http('hold', {
  methods: ['POST'],
  handler: async request => {
    const name = request.query.get('gate')
    seen.set(name, 'called')
    await gate(name).promise
    let bytes = 0
    try {
      for await (const chunk of request.body) bytes += chunk.length
    } catch (error) {
      seen.set(name, `broken off: ${error.name}`)
      throw error
    }
    seen.set(name, 'complete')
    return { jsonBody: { bytes } }
  },
})
app.http('open', {
  methods: ['POST'],
  handler: request => {
    gate(request.query.get('gate')).resolve()
    return { status: 204 }
  },
})
app.http('seen', { methods: ['GET'], handler: request => ({ body: seen.get(request.query.get('gate')) ?? 'nothing' }) })
app.http('unread', { methods: ['POST'], handler: () => ({ status: 409, body: 'not read' }) })
app.http('throws', {
  methods: ['GET', 'POST'],
  handler: () => {
    throw new Error('thrown on purpose')
  },
})
app.http('breaks', {
  methods: ['GET'],
  handler: request => {
    async function* body() {
      yield 'half of '
      await gate(request.query.get('gate')).promise
      throw new Error('broken on purpose')
    }
    return { body: body() }
  },
})
app.http('nothing', { methods: ['GET'], handler: () => undefined })
app.http('guarded', { methods: ['POST'], authLevel: 'function', handler: () => ({ body: 'open' }) })
