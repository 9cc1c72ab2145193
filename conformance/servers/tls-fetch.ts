import { request } from 'node:https'
import { localhostCertificate } from '../../packages/server/test-support/localhost-certificate.ts'

/** A certificate of a client, and its key, in PEM. */
export interface ClientCertificate {
  readonly pem: string
  readonly privateKeyPem: string
}

/** What libraries of clients take in place of `fetch`. */
export type Fetch = (input: string | URL | Request, init?: object) => Promise<Response>

/**
 * `fetch` that shows a certificate, to servers with that of `localhost`. Redirects are not followed, and no connection is
 * kept.
 */
export const tlsFetch =
  (shown?: ClientCertificate): Fetch =>
  async (input, init) => {
    const asked = input instanceof Request ? input : new Request(input, init as RequestInit)
    const body = Buffer.from(await asked.arrayBuffer())
    const url = new URL(asked.url)
    const headers = { ...Object.fromEntries(asked.headers), 'content-length': body.length }
    const options = { method: asked.method, headers, agent: false, ca: localhostCertificate.cert } as const
    const credentials = shown === undefined ? {} : { cert: shown.pem, key: shown.privateKeyPem }
    return new Promise((resolve, reject) => {
      const sent = request(url, { ...options, ...credentials }, (answer) => {
        const chunks: Buffer[] = []
        answer.on('data', (chunk: Buffer) => chunks.push(chunk))
        answer.on('end', () => {
          const { rawHeaders, statusCode: status = 500 } = answer
          const pairs = rawHeaders.flatMap((name, at) =>
            at % 2 === 0 ? [[name, rawHeaders[at + 1] ?? ''] as [string, string]] : [],
          )
          resolve(new Response(status === 204 ? null : Buffer.concat(chunks), { status, headers: pairs }))
        })
      })
      sent.on('error', reject)
      sent.end(body)
    })
  }
