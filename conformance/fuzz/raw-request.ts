import type { HttpRequest } from '../../packages/cardea/src/http/request.ts'

/** A request before anybody has looked at it: nothing in it need be valid. */
export interface RawRequest {
  readonly method: string
  readonly target: string
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly body: string
}

/** As an adapter would hand it over. */
export function asHttpRequest({ method, target, headers, body }: RawRequest): HttpRequest {
  const mark = target.indexOf('?')
  return {
    method,
    target,
    path: mark === -1 ? target : target.slice(0, mark),
    query: mark === -1 ? '' : target.slice(mark + 1),
    header(name) {
      const values = headers.filter(([it]) => it.toLowerCase() === name).map(([, value]) => value)
      return values.length === 0 ? undefined : values.join(', ')
    },
    text: async () => body,
    secure: undefined,
    remoteAddress: '203.0.113.9',
  }
}

/** As it goes over a connection; the body is never longer than announced. */
export function asBytes({ method, target, headers, body }: RawRequest): Buffer {
  const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`).join('')
  const bytes = Buffer.from(body)
  const head = `${method} ${target} HTTP/1.1\r\nhost: auth.example\r\nconnection: close\r\n${lines}`
  return Buffer.concat([Buffer.from(`${head}content-length: ${bytes.length}\r\n\r\n`), bytes])
}
