import { gunzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { answeringShop, apiOver } from '../../../tests/api-by-hand.ts'
import { apiRequest } from '../../../tests/api-request.ts'
import { errorTexts } from '../../schemas/error-texts.ts'
import { errorCodes } from '../../schemas/errors.ts'
import { handler } from '../handle.ts'

test('the page of operations loads nothing but files of this API', async () => {
  const { call } = apiOver(await answeringShop())
  const { type, json, headers } = await call('docs')
  expect(type).toBe('text/html; charset=utf-8')
  expect(headers['content-security-policy']).toContain("default-src 'none'; script-src 'self'")
  const loaded = [...String(json).matchAll(/(?:src|href)="([^"]+)"/g)].map(([, url = '']) => url)
  expect(loaded.filter(url => !/^\/|^data:,$/.test(url))).toEqual([])
  const files = loaded.flatMap(url => /^\/docs\/assets\/(.+)$/.exec(url)?.[1] ?? [])
  expect(files.sort()).toEqual(['docs.css', 'docs.js', 'swagger-ui-bundle.js', 'swagger-ui.css'])
  for (const file of files) {
    const asset = await call('docs-asset', { path: { file } })
    expect([file, asset.status, asset.type]).toEqual([
      ...[file, 200],
      file.endsWith('.js') ? 'text/javascript; charset=utf-8' : 'text/css; charset=utf-8',
    ])
  }
})

test('a file of the pages is packed for who can unpack it, and there is no other file', async () => {
  const of = await answeringShop()
  const { all, call } = apiOver(of)
  const plain = await call('docs-asset', { path: { file: 'docs.css' } })
  const asset = all['docs-asset']
  if (!asset) throw new Error('There is no endpoint docs-asset')
  const request = apiRequest({ path: { file: 'docs.css' }, headers: { 'accept-encoding': 'br, gzip' } })
  const { body, headers } = await handler(asset, [], of.ports.log)(request)
  expect(headers).toMatchObject({ 'content-encoding': 'gzip', vary: 'accept-encoding' })
  expect(gunzipSync(body).toString()).toBe(plain.json)
  expect((await call('docs-asset', { path: { file: '../package.json' } })).status).toBe(400)
})

test('every code of an error has its place on the page of errors, with what to do about it', async () => {
  const { call } = apiOver(await answeringShop())
  const { json } = await call('docs-errors')
  const places = [...String(json).matchAll(/<section id="(\w+)">/g)].map(([, code]) => code)
  expect(places.sort()).toEqual([...Object.keys(errorCodes), 'internal'].sort())
  for (const { meaning, remedy } of Object.values(errorTexts)) {
    expect(json).toContain(meaning.replaceAll('&', '&amp;'))
    expect(remedy).toMatch(/^[A-Z].*\.$/)
  }
})
