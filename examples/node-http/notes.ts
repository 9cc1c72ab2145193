import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Provider } from 'cardea'
import { nodeProtector } from 'cardea/node'

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' })
  response.end(JSON.stringify(body))
}

async function textOf(request: IncomingMessage): Promise<string | undefined> {
  let text = ''
  for await (const chunk of request.setEncoding('utf8')) {
    text += chunk
    if (text.length > 1000) return undefined
  }
  return text
}

/** The protected API: everybody's notes, each seen with a token of its owner only. */
export function notesApi(provider: Provider) {
  const notes = new Map<string, string[]>()
  const { requireOAuth } = nodeProtector(provider)
  // Either scope lets a reader in; only one lets a writer in.
  const list = requireOAuth(['notes:read', 'notes:write'], (_request, response, { userId = '' }) =>
    send(response, 200, notes.get(userId) ?? []),
  )
  const add = requireOAuth('notes:write', async (request, response, { userId = '' }) => {
    const text = await textOf(request)
    if (text === undefined) return send(response, 413, { error: 'too long' })
    notes.set(userId, [...(notes.get(userId) ?? []), text])
    return send(response, 201, { added: text })
  })
  return (request: IncomingMessage, response: ServerResponse): void => {
    if (request.url !== '/notes') send(response, 404, { error: 'not found' })
    else if (request.method === 'POST') add(request, response)
    else list(request, response)
  }
}
