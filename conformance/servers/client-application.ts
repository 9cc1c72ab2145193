import type { IncomingMessage } from 'node:http'
import type { TestContext } from 'node:test'
import { listen } from './listen.ts'

/** An authorization response as it reached the client's redirect URI. */
export interface Callback {
  readonly method: string
  readonly params: URLSearchParams
}

/** A client's own site: a page with a link to sign in, and the redirect URI. */
export interface ClientApplication {
  readonly origin: string
  readonly redirectUri: string
  /** Every authorization response so far, oldest first. */
  readonly callbacks: Callback[]
  /** The last one. Throws when there is none. */
  last(): URLSearchParams
  /** From now on, the callback sends the browser there. */
  forwardTo(address: string): void
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = ''
  for await (const chunk of request) body += String(chunk)
  return body
}

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('"', '&quot;')

const page = (content: string): string =>
  `<!DOCTYPE html><html lang="en"><title>Client application</title><h1>Client application</h1>${content}</html>`

/**
 * Starts a client's site on a free port. It is on 127.0.0.1 and the authorization server on localhost, so that for a
 * browser they are two sites. `/start?to=…` shows a link to that address.
 */
export async function startClientApplication(t: TestContext): Promise<ClientApplication> {
  const callbacks: Callback[] = []
  let onwards: string | undefined
  const listening = await listen(() => async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://client.example')
    const answer = (status: number, content: string, headers: Record<string, string> = {}): void => {
      response.writeHead(status, { 'content-type': 'text/html; charset=utf-8', ...headers }).end(page(content))
    }
    if (url.pathname === '/start') {
      return answer(200, `<a href="${escaped(url.searchParams.get('to') ?? '')}">Sign in</a>`)
    }
    if (url.pathname === '/done') return answer(200, '<p id="done">Done</p>')
    if (url.pathname !== '/callback') return answer(404, '')
    const isForm = request.method === 'POST'
    callbacks.push({
      method: request.method ?? '',
      params: isForm ? new URLSearchParams(await bodyOf(request)) : url.searchParams,
    })
    if (onwards !== undefined) return answer(302, '', { location: onwards })
    return answer(200, '<p id="received">Received</p>')
  })
  t.after(() => listening.close())
  const origin = `http://127.0.0.1:${listening.port}`
  return {
    origin,
    redirectUri: `${origin}/callback`,
    callbacks,
    last() {
      const callback = callbacks.at(-1)
      if (callback === undefined) throw new Error('no authorization response has arrived')
      return callback.params
    },
    forwardTo(address) {
      onwards = address
    },
  }
}
