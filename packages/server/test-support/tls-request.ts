import { request as plainRequest } from 'node:http'
import { type Agent, type RequestOptions, request } from 'node:https'
import type { TLSSocket } from 'node:tls'
import { localhostCertificate } from './localhost-certificate.ts'

/** A certificate and its key, in PEM. */
export interface Shown {
  readonly pem: string
  readonly privateKeyPem: string
}

export interface TlsRequest {
  /** Over http, as from a proxy, where it is undefined. */
  readonly tls: boolean
  readonly port: number
  /** The certificate that the client shows. */
  readonly shown?: Shown | undefined
  readonly form?: Readonly<Record<string, string>>
  readonly headers?: Readonly<Record<string, string | readonly string[]>>
  readonly agent?: Agent
  readonly maxVersion?: 'TLSv1.2' | 'TLSv1.3'
}

export interface TlsAnswer {
  readonly status: number
  readonly body: Record<string, never> & {
    readonly access_token: string
    readonly refresh_token: string
    readonly error: string
  }
  /** The handshake took up an earlier session. */
  readonly resumed: boolean
}

/** What `fetch` cannot: shows a certificate, and sends a header twice. */
export function askOver(path: string, asked: TlsRequest): Promise<TlsAnswer> {
  const { agent = false, form, headers = {}, maxVersion, port, shown, tls } = asked
  const body = form === undefined ? undefined : new URLSearchParams(form).toString()
  const type = body === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }
  const options: RequestOptions = {
    host: '127.0.0.1',
    port,
    path,
    method: body === undefined ? 'GET' : 'POST',
    headers: { ...type, ...(headers as Record<string, string>) },
    agent,
    ...(tls && { servername: 'localhost', ca: localhostCertificate.cert }),
    ...(shown !== undefined && { cert: shown.pem, key: shown.privateKeyPem }),
    ...(maxVersion !== undefined && { maxVersion }),
  }
  return new Promise((resolve, reject) => {
    const sent = (tls ? request : plainRequest)(options as never, (response) => {
      const resumed = tls && (response.socket as TLSSocket).isSessionReused()
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (chunk) => {
        text += chunk
      })
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body: JSON.parse(text || '{}'), resumed }))
    })
    sent.on('error', reject)
    sent.end(body)
  })
}
