import type { ServerResponse } from 'node:http'
import type { TestContext } from 'node:test'
import type { ClientDocumentsOptions } from '../src/oauth2/client-documents/client-documents-options.ts'
import { alice } from '../src/testing/authorization-visit.ts'
import { startTestServer, type TestServer, type TestServerOptions } from '../src/testing/test-server.ts'
import { listenOnHttps } from './https-loopback.ts'
import { loopbackCertificate } from './loopback-certificate.ts'

/** A host with documents about clients, and a server that takes them. */
export interface DocumentScene {
  readonly server: TestServer
  readonly origin: string
  /** Address of the document about the usual client. */
  readonly clientId: string
  /** What is answered, by path; a function answers by itself. */
  readonly documents: Map<string, unknown>
  /** Paths that were asked for. */
  readonly asked: string[]
  /** The usual document, with these members. */
  publish(more?: Readonly<Record<string, unknown>>): void
}

export type Answers = (response: ServerResponse) => void

export interface SceneOptions extends TestServerOptions {
  readonly documents?: Partial<ClientDocumentsOptions>
}

/** What an ordinary client says of itself. */
export const documentOf = (clientId: string, more: Readonly<Record<string, unknown>> = {}) => ({
  client_id: clientId,
  client_name: 'An app',
  redirect_uris: ['https://app.example/cb'],
  ...more,
})

/** The host is keys.example, which only this test resolves to this machine. */
export async function startScene(
  t: TestContext,
  { documents: options = {}, ...more }: SceneOptions = {},
): Promise<DocumentScene> {
  const documents = new Map<string, unknown>()
  const asked: string[] = []
  const port = await listenOnHttps(t, (request, response) => {
    const path = request.url ?? ''
    asked.push(path)
    const said = documents.get(path)
    response.setHeader('content-type', 'application/json')
    if (typeof said === 'function') (said as Answers)(response)
    else response.writeHead(said === undefined ? 404 : 200).end(typeof said === 'string' ? said : JSON.stringify(said))
  })
  const server = await startTestServer({
    users: [alice],
    clientDocuments: options,
    outgoing: {
      ca: loopbackCertificate.cert,
      allowHosts: ['keys.example'],
      resolve: async () => [{ address: '127.0.0.1', family: 4 }],
      timeout: 2000,
    },
    ...more,
  })
  const origin = `https://keys.example:${port}`
  const clientId = `${origin}/client.json`
  const publish = (members = {}) => void documents.set('/client.json', documentOf(clientId, members))
  publish()
  return { server, origin, clientId, documents, asked, publish }
}
