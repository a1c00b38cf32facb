/** A page around its content; `head` is HTML as well. */
export const page = ({ title, head = '', content }: { title: string; head?: string; content: string }): string =>
  `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}</title>
<link rel="icon" href="data:,">
${head}<link rel="stylesheet" href="/docs/assets/docs.css">
</head>
<body>
<header class="top">
<a class="name" href="/docs">Sidecart</a>
<nav><a href="/docs">Operations</a><a href="/docs/errors">Errors</a><a href="/openapi.json">OpenAPI</a></nav>
</header>
${content}
</body>
</html>
`

export const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')

/** Nothing is loaded from elsewhere, nothing runs that is not a file of ours, and requests go to this API alone. */
export const pageHeaders = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': [
    ...["default-src 'none'", "script-src 'self'", "style-src 'self' 'unsafe-inline'", "img-src 'self' data:"],
    ...[
      "font-src 'self' data:",
      "connect-src 'self'",
      "base-uri 'none'",
      "form-action 'self'",
      "frame-ancestors 'none'",
    ],
  ].join('; '),
  'cache-control': 'no-cache',
}
