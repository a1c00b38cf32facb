const { app } = require('@azure/functions')
const { list, accept } = require('./handlers.cjs')

app.http('list', { methods: ['GET'], handler: list })
app.http('accept', { methods: ['POST'], handler: accept })
