import type { IncomingMessage, ServerResponse } from 'node:http'

const shared = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
} as const

function send(response: ServerResponse, status: number, headers: Readonly<Record<string, string>>, body: string): void {
  response.writeHead(status, { ...shared, 'content-length': Buffer.byteLength(body), ...headers })
  response.end(response.req.method === 'HEAD' ? undefined : body)
}

export function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  send(response, status, { 'content-type': 'application/json', ...headers }, JSON.stringify(body))
}

export function sendScript(response: ServerResponse, script: string): void {
  send(response, 200, { 'content-type': 'text/javascript; charset=utf-8' }, script)
}

export interface Page {
  readonly html: string
  /** Sources that the page needs, in words of the Content-Security-Policy. */
  readonly styleSource?: string
  readonly scriptSource?: string
}

export function sendPage(response: ServerResponse, status: number, page: Page): void {
  const { html, styleSource = "'none'", scriptSource = "'none'" } = page
  const headers = {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': `default-src 'none'; style-src ${styleSource}; script-src ${scriptSource}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
    'x-frame-options': 'DENY',
  }
  send(response, status, headers, html)
}

const schemeAndAuthority = /^https?:\/\/[^/?#]*/i

/**
 * The target's path, raw: nothing is decoded, so that no second spelling reaches a handler. Of a target in absolute form
 * (RFC 9112 §3.2.2), which every server must take, the path behind the authority.
 */
export const pathOf = (request: IncomingMessage): string =>
  (request.url ?? '/').replace(schemeAndAuthority, '').split('?', 1)[0] || '/'

const notFoundPage = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Not found</title></head><body><main><h1>Not found</h1><p>There is nothing at this address.</p></main></body></html>`

export function sendNotFound(request: IncomingMessage, response: ServerResponse): void {
  if (request.headers.accept?.includes('text/html')) sendPage(response, 404, { html: notFoundPage })
  else sendJson(response, 404, { error: 'not_found', error_description: 'There is nothing at this address' })
}

export function sendMethodNotAllowed(response: ServerResponse, allow: string): void {
  sendJson(response, 405, { error: 'method_not_allowed', error_description: `Use ${allow}` }, { allow })
}
