// Functions that tell what a request was to them, and answer what they are asked to.
const { app } = require('@azure/functions')

const everyMethod = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS']

app.http('inspect', {
  methods: everyMethod,
  route: 'inspect/{first?}/{second?}',
  handler: async request => ({
    headers: { 'x-method': request.method },
    jsonBody: {
      method: request.method,
      url: request.url,
      params: request.params,
      query: Object.fromEntries(request.query),
      headers: Object.fromEntries(request.headers),
      body: Buffer.from(await request.arrayBuffer()).toString('base64'),
    },
  }),
})

// Answers with the response that the body describes in JSON.
app.http('answer', {
  methods: ['POST'],
  handler: async request => {
    const { bodyBase64, cookies = [], ...response } = await request.json()
    const bytes = bodyBase64 === undefined ? {} : { body: Buffer.from(bodyBase64, 'base64') }
    const dated = cookies.map(({ expires, ...cookie }) =>
      expires ? { ...cookie, expires: new Date(expires) } : cookie,
    )
    return { ...response, ...bytes, cookies: dated }
  },
})
app.http('answer-text', { methods: ['GET'], handler: () => 'a text is no answer' })
app.http('default-methods', { handler: () => ({ body: 'done' }) })
app.http('guarded-too', { methods: ['GET'], authLevel: 'function', handler: () => ({ body: 'open' }) })
app.http('guarded-admin', { methods: ['GET'], authLevel: 'admin', handler: () => ({ body: 'open' }) })

const typed = {
  alpha: 'alpha',
  datetime: 'datetime',
  guid: 'guid',
  length: 'length(2,3)',
  max: 'max(9)',
  min: 'min(5)',
  range: 'range(2,4)',
  regex: 'regex(^a\\d+$)',
}
for (const [name, constraint] of Object.entries(typed)) {
  app.http(`typed-${name}`, {
    methods: ['GET'],
    route: `typed/${name}/{value:${constraint}}`,
    handler: request => ({ body: request.params.value }),
  })
}
app.http('defaulted', {
  methods: ['GET'],
  route: 'defaulted/{page:int=5}',
  handler: request => ({ body: request.params.page }),
})
app.http('rest', {
  methods: ['GET'],
  route: 'rest/{*path}',
  handler: request => ({ jsonBody: request.params }),
})
