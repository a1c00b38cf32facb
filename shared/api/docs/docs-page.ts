import { page } from './html.ts'

/** The operations, to read and to try: Swagger UI over `/openapi.json`. */
export const docsPage = (): string =>
  page({
    title: 'Sidecart API',
    head: '<link rel="stylesheet" href="/docs/assets/swagger-ui.css">\n',
    content: `<main id="operations"><noscript>This page needs JavaScript; <a href="/openapi.json">the document</a> does not.</noscript></main>
<script src="/docs/assets/swagger-ui-bundle.js"></script>
<script src="/docs/assets/docs.js"></script>`,
  })

export const docsScript = `SwaggerUIBundle({
  url: '/openapi.json',
  dom_id: '#operations',
  deepLinking: true,
  docExpansion: 'list',
  defaultModelsExpandDepth: 0,
  displayRequestDuration: true,
  filter: true,
  tryItOutEnabled: true,
  requestSnippetsEnabled: true,
  // Nobody else is asked whether the document is valid.
  validatorUrl: null,
})
`
