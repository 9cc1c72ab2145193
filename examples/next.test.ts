import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { globSync } from 'node:fs'
import { createServer } from 'node:http'
import { createInterface } from 'node:readline'
import { test } from 'node:test'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { getRequestListener } from '@hono/node-server'
import { NextRequest } from 'next/server.js'
import { takeNotes } from './notes-api.ts'
import { freePort } from './started-example.ts'

type RouteExports = Readonly<Record<string, (request: NextRequest, route: object) => Promise<Response>>>

const app = fileURLToPath(new URL('next/app', import.meta.url))

/** The routes as the App Router finds them: by the folders they are in. */
async function routesOf(folder: string): Promise<(readonly [path: RegExp, exports: RouteExports])[]> {
  const files = globSync(['**/route.ts', '.well-known/**/route.ts'], { cwd: folder })
  const found = files.map(async (file) => {
    const pattern = file
      .replace(/\/route\.ts$/, '')
      .replaceAll('.', '\\.')
      .replace(/\[(?:\\\.)+\w+\]/, '.+')
    const exports = (await import(pathToFileURL(`${folder}/${file}`).href)) as RouteExports
    return [new RegExp(`^/${pattern}$`), exports] as const
  })
  return Promise.all(found)
}

test('example next: its routes, called as Next.js calls them, let an app in as far as the scope goes', async (t) => {
  const port = await freePort()
  process.env.ISSUER = `http://127.0.0.1:${port}/oauth`
  const routes = await routesOf(app)
  const serve = async ({ method, url, headers, body }: Request): Promise<Response> => {
    const [, exports] = routes.find(([path]) => path.test(new URL(url).pathname)) ?? []
    if (exports === undefined) return new Response(null, { status: 404 })
    const request = new NextRequest(url, { method, headers, ...(body !== null && { body, duplex: 'half' }) })
    return exports[method]?.(request, { params: Promise.resolve({}) }) ?? new Response(null, { status: 405 })
  }
  const server = createServer(getRequestListener(serve)).listen(port, '127.0.0.1')
  t.after(() => server.close())
  await once(server, 'listening')
  await takeNotes(process.env.ISSUER)
  const metadata = await fetch(`http://127.0.0.1:${port}/.well-known/oauth-authorization-server/oauth`)
  assert.equal(((await metadata.json()) as { issuer: string }).issuer, process.env.ISSUER)
})

const whole = process.env.CARDEA_TEST_NEXT === undefined && 'building takes 11 s of processor time: CARDEA_TEST_NEXT=1'

test('example next: built and started by Next.js, it does the same', { skip: whole }, async () => {
  const cwd = fileURLToPath(new URL('next', import.meta.url))
  const port = await freePort()
  const issuer = `http://127.0.0.1:${port}/oauth`
  const built = spawnSync('next', ['build'], { cwd, encoding: 'utf8' })
  assert.equal(built.status, 0, built.stdout + built.stderr)
  const started = spawn('next', ['start', '-p', String(port)], { cwd, env: { ...process.env, ISSUER: issuer } })
  try {
    for await (const line of createInterface({ input: started.stdout })) if (line.includes('Ready')) break
    await takeNotes(issuer)
  } finally {
    started.kill()
  }
})
