import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { z } from 'zod'
import { codeVersion } from '../../lake/code-version.ts'
import { DocsAssetPath } from '../../schemas/requests.ts'
import { access } from '../access.ts'
import { docsPage, docsScript } from '../docs/docs-page.ts'
import { errorsPage } from '../docs/errors-page.ts'
import { pageHeaders } from '../docs/html.ts'
import { docsStyle } from '../docs/style.ts'
import { type Endpoint, endpoint } from '../endpoint.ts'
import { examples } from '../examples/examples.ts'
import { openApiDocument } from '../openapi/document.ts'

/** What describes the API: the document of all endpoints, these among them, and the pages for people. */
export function docs(all: () => readonly Endpoint[], { docsFolder }: { docsFolder: string }): Endpoint[] {
  return [openApi(all), docsOperations(), docsErrors(), docsAsset(docsFolder)]
}

function openApi(all: () => readonly Endpoint[]): Endpoint {
  let document: ReturnType<typeof openApiDocument> | undefined
  return endpoint({
    name: 'openapi',
    method: 'GET',
    path: '/openapi.json',
    access: access.anyone,
    group: 'service',
    summary: 'This document: OpenAPI 3.1',
    output: z.record(z.string(), z.unknown()),
    run: async () => {
      document ??= openApiDocument(all(), { version: codeVersion, examples })
      return { headers: { 'cache-control': 'no-cache' }, body: { ...document } }
    },
  })
}

const docsOperations = (): Endpoint =>
  endpoint({
    name: 'docs',
    method: 'GET',
    path: '/docs',
    access: access.anyone,
    group: 'service',
    summary: 'Every operation to read and to try, as a page',
    output: z.string(),
    mediaType: 'text/html',
    run: async () => ({ headers: pageHeaders, body: docsPage() }),
  })

const docsErrors = (): Endpoint =>
  endpoint({
    name: 'docs-errors',
    method: 'GET',
    path: '/docs/errors',
    access: access.anyone,
    group: 'service',
    summary: 'What each code of an error means and what to do about it, as a page',
    output: z.string(),
    mediaType: 'text/html',
    run: async () => ({ headers: pageHeaders, body: errorsPage() }),
  })

const types = { css: 'text/css; charset=utf-8', js: 'text/javascript; charset=utf-8' } as const

/** Files of Swagger UI are read and compressed once, when somebody opens the page. */
function docsAsset(docsFolder: string): Endpoint {
  const kept = new Map<string, Promise<Asset>>()
  return endpoint({
    name: 'docs-asset',
    method: 'GET',
    path: '/docs/assets/{file}',
    access: access.anyone,
    group: 'service',
    summary: 'What the pages of the documentation are drawn with',
    input: { path: DocsAssetPath },
    output: z.union([z.string(), z.instanceof(Uint8Array<ArrayBufferLike>)]),
    mediaType: '*/*',
    run: async ({ path: { file } }, { headers }) => {
      const asset = kept.get(file) ?? assetOf(file, docsFolder)
      kept.set(file, asset)
      const { type, text, packed } = await asset
      const common = { 'content-type': type, 'cache-control': 'public, max-age=3600', vary: 'accept-encoding' }
      return headers.get('accept-encoding')?.includes('gzip')
        ? { headers: { ...common, 'content-encoding': 'gzip' }, body: packed }
        : { headers: common, body: text }
    },
  })
}

interface Asset {
  type: string
  text: string
  packed: Uint8Array
}

async function assetOf(file: z.output<typeof DocsAssetPath>['file'], docsFolder: string): Promise<Asset> {
  const own = { 'docs.js': docsScript, 'docs.css': docsStyle }
  const text = file === 'docs.js' || file === 'docs.css' ? own[file] : await readFile(join(docsFolder, file), 'utf8')
  return { type: file.endsWith('.css') ? types.css : types.js, text, packed: await promisify(gzip)(text) }
}
