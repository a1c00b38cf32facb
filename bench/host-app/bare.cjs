// The same functions without a host: node:http, a URL and a body are all they need.
const { createServer } = require('node:http')
const { json } = require('node:stream/consumers')
const { list, accept } = require('./handlers.cjs')

const handlers = { '/api/list': list, '/api/accept': accept }
const server = createServer(async (request, response) => {
  const { pathname, searchParams } = new URL(request.url, 'http://127.0.0.1')
  const { status = 200, jsonBody } = await handlers[pathname]({ query: searchParams, json: () => json(request) })
  const body = Buffer.from(JSON.stringify(jsonBody))
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': body.length }).end(body)
})
server.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }))
process.on('disconnect', () => process.exit(0))
