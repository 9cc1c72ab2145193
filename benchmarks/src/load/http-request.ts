export interface HttpRequest {
  readonly method: 'GET' | 'POST'
  /** Path with query, as it goes on the request line. */
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  /** Sent as an urlencoded form. */
  readonly form?: Readonly<Record<string, string>>
}

/** The text of a request as it goes onto the socket, for a server on loopback. */
export function formatRequest(port: number, request: HttpRequest): string {
  let text = `${request.method} ${request.path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n`
  for (const [name, value] of Object.entries(request.headers ?? {})) text += `${name}: ${value}\r\n`
  if (!request.form) return `${text}\r\n`
  const body = new URLSearchParams(request.form).toString()
  return `${text}Content-Type: application/x-www-form-urlencoded\r\nContent-Length: ${body.length}\r\n\r\n${body}`
}

/** An Authorization header value of HTTP Basic, form-encoded as RFC 6749 §2.3.1 asks. */
export function basicAuthorization(clientId: string, secret: string): string {
  return `Basic ${Buffer.from(`${encodeURIComponent(clientId)}:${encodeURIComponent(secret)}`).toString('base64')}`
}
