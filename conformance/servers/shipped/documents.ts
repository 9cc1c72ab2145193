import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { after } from 'node:test'
import { localhostCertificate } from '../../../packages/server/test-support/localhost-certificate.ts'

/** Another host, which documents are fetched from: keys, request objects, descriptions of clients. */
export interface Documents {
  readonly origin: string
  /** Puts one there, and says where it is. */
  put(name: string, content: object | string, type?: string): string
}

/** Starts it for the tests of this file, by TLS with a certificate that no usual authority has issued. */
export async function startDocuments(): Promise<Documents> {
  const kept = new Map<string, { readonly content: string; readonly type: string }>()
  const server = createServer({ ...localhostCertificate }, ({ url = '' }, response) => {
    const found = kept.get(url)
    if (found === undefined) return void response.writeHead(404).end()
    response.writeHead(200, { 'content-type': found.type, 'cache-control': 'no-store' }).end(found.content)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  after(() => {
    server.close()
    server.closeAllConnections()
  })
  const origin = `https://localhost:${(server.address() as AddressInfo).port}`
  return {
    origin,
    put(name, content, type = 'application/json') {
      kept.set(`/${name}`, { content: typeof content === 'string' ? content : JSON.stringify(content), type })
      return `${origin}/${name}`
    },
  }
}
