import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { type TestContext, test } from 'node:test'
import { Client, StreamableHTTPClientTransport, UnauthorizedError } from '@modelcontextprotocol/client'
import type { ProviderOptions } from 'cardea'
import { nodeBridge } from '../../examples/fetch/node-bridge.ts'
import { createApp } from '../../examples/mcp/app.ts'
import { loopbackCertificate } from '../../packages/cardea/test-support/loopback-certificate.ts'
import { startClientApplication } from '../servers/client-application.ts'
import { KeptByClient } from '../servers/kept-by-client.ts'
import { openChromium } from './chromium.ts'
import { allowButton, received, signIn } from './steps.ts'

const open = openChromium()
const ada = { username: 'ada', password: 'correct horse' }

async function startExample(t: TestContext, options: Partial<ProviderOptions> = {}): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  server.on('request', nodeBridge(await createApp(origin, options), origin))
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  return origin
}

async function callTool(origin: string, kept: KeptByClient): Promise<unknown> {
  const client = new Client({ name: 'test', version: '1.0.0' })
  const transport = new StreamableHTTPClientTransport(new URL(`${origin}/mcp`), { authProvider: kept })
  try {
    await client.connect(transport)
    return (await client.callTool({ name: 'read_notes', arguments: {} })).content
  } finally {
    await client.close()
  }
}

/** Where the client sends its user, who signs in and allows it, in a real browser. */
async function allowed(t: TestContext, origin: string, kept: KeptByClient): Promise<URL> {
  await assert.rejects(callTool(origin, kept), UnauthorizedError)
  assert.ok(kept.sentTo)
  assert.equal(kept.sentTo.searchParams.get('resource'), `${origin}/mcp`)
  const page = await (await open(t)).newPage()
  await page.goto(kept.sentTo.href)
  await signIn(page, ada)
  await allowButton(page).waitFor()
  assert.match((await page.textContent('main')) ?? '', /program on your own device/)
  await allowButton(page).click()
  await received(page)
  return new URL(page.url())
}

async function finish(origin: string, kept: KeptByClient, sentBack: URL): Promise<void> {
  const transport = new StreamableHTTPClientTransport(new URL(`${origin}/mcp`), { authProvider: kept })
  await transport.finishAuth(sentBack.searchParams)
}

test('MCP 2026-07-28: the client of the SDK registers itself, a person allows it in a browser, and it calls a tool', async (t) => {
  const origin = await startExample(t)
  const app = await startClientApplication(t)
  const kept = new KeptByClient(app.redirectUri)
  await finish(origin, kept, await allowed(t, origin, kept))
  const [clientId] = [kept.information?.client_id]
  assert.deepEqual(await callTool(origin, kept), [{ type: 'text', text: `notes of user-ada, read by ${clientId}` }])
})

test('MCP 2026-07-28: the client of the SDK is known by its document, and is not registered', async (t) => {
  const documents = createHttpsServer({ ...loopbackCertificate }, (_request, response) => {
    response.setHeader('content-type', 'application/json').end(JSON.stringify(said))
  }).listen(0, '127.0.0.1')
  await once(documents, 'listening')
  t.after(() => {
    documents.closeAllConnections()
    documents.close()
  })
  const url = `https://keys.example:${(documents.address() as AddressInfo).port}/client.json`
  const app = await startClientApplication(t)
  // Registered without the port, which a program gets when it starts.
  const { pathname } = new URL(app.redirectUri)
  const said = { client_id: url, client_name: 'Notes in the terminal', redirect_uris: [`http://localhost${pathname}`] }
  const origin = await startExample(t, {
    outgoing: {
      ca: loopbackCertificate.cert,
      allowHosts: ['keys.example'],
      resolve: async () => [{ address: '127.0.0.1', family: 4 }],
    },
  })
  const { port } = new URL(app.redirectUri)
  const kept = new KeptByClient(`http://localhost:${port}${pathname}`, url)
  await finish(origin, kept, await allowed(t, origin, kept))
  assert.deepEqual(await callTool(origin, kept), [{ type: 'text', text: `notes of user-ada, read by ${url}` }])
})
