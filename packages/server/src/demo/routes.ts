import type { RequestListener } from 'node:http'
import type { Provider } from 'cardea'
import { nodeProtector } from 'cardea/node'
import { sendJson, sendMethodNotAllowed, sendPage, sendScript } from '../serve/plain-answers.ts'
import { copyScript } from './copy-script.ts'
import { copyScriptPath } from './page-frame.ts'
import { callbackPage, landingPage, oauth1CallbackPage } from './pages.ts'

const onlyGet =
  (handler: RequestListener): RequestListener =>
  (request, response) => {
    if (request.method === 'GET' || request.method === 'HEAD') handler(request, response)
    else sendMethodNotAllowed(response, 'GET, HEAD')
  }

const queryOf = (target: string): URLSearchParams => {
  const start = target.indexOf('?')
  return new URLSearchParams(start === -1 ? '' : target.slice(start + 1))
}

/** What the demonstration has besides the server: a landing page, a callback, and a resource that needs scope `foo`. */
export function demoRoutes(provider: Provider): (path: string) => RequestListener | undefined {
  const { issuer } = provider
  const { requireOAuth } = nodeProtector(provider)
  const resource = requireOAuth('foo', (_request, response, token) => {
    sendJson(response, 200, {
      message: 'You are in',
      client_id: token.clientId,
      user_id: token.userId ?? null,
      scope: token.scope.join(' '),
    })
  })
  const routes = new Map<string, RequestListener>([
    ['/', onlyGet((_request, response) => sendPage(response, 200, landingPage(issuer)))],
    [
      '/demo/callback',
      onlyGet((request, response) => sendPage(response, 200, callbackPage(issuer, queryOf(request.url ?? '')))),
    ],
    [
      '/demo/oauth1-callback',
      onlyGet((request, response) => sendPage(response, 200, oauth1CallbackPage(issuer, queryOf(request.url ?? '')))),
    ],
    [copyScriptPath, onlyGet((_request, response) => sendScript(response, copyScript))],
    ['/demo/resource', onlyGet(resource)],
  ])
  return (path) => routes.get(path)
}
