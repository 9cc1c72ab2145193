import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { DatabaseSync } from 'node:sqlite'
import { ACTORS } from '../load/target.ts'
import { FloorStore, type Row } from './floor-store.ts'
import { BasicAuthentication, digestOf, mintToken, now, readForm, sendJson } from './http-floor.ts'
import { OAuth1Floor } from './oauth1-floor.ts'
import { OAuth1FloorOwner, type SignedIn } from './oauth1-floor-owner.ts'
import { OAuth1FloorQuestions } from './oauth1-floor-questions.ts'
import { OAuth1FloorStore } from './oauth1-floor-store.ts'
import { TurnCommits } from './turn-commits.ts'

// The least work that an honest server can do. Not a product: a yardstick for products.

const [port = '', file = ''] = process.argv.slice(2)
const database = new DatabaseSync(file)
database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL')
const commits = new TurnCommits(database)
const store = new FloorStore(database, commits)
const clients = new BasicAuthentication(ACTORS.client.id, ACTORS.client.secret)
const oauth1Store = new OAuth1FloorStore(database, commits)
const { client, redirectUri: callback, scope } = ACTORS
const consumer = { key: client.id, secret: client.secret, callback, scope }
const questions = new OAuth1FloorQuestions(database, commits)
const oauth1 = new OAuth1Floor(`http://127.0.0.1:${port}`, consumer, oauth1Store, questions)
const owner = new OAuth1FloorOwner({ store: oauth1Store, questions, signedIn })
const redirectUris = new Set<string>([ACTORS.redirectUri])
store.seed(digestOf(ACTORS.sessionCookie), ACTORS.client.id, ACTORS.username, ACTORS.scope, now() + 86_400)

type Origin = Pick<Row, 'client' | 'subject' | 'scope' | 'family'>

function issue(kind: Row['kind'], origin: Origin, lifetime: number, binding: string | null = null): string {
  const token = mintToken()
  const issuedAt = now()
  const { client, subject, scope, family } = origin
  const digest = digestOf(token)
  store.save({ digest, kind, client, subject, scope, family, binding, issuedAt, expiresAt: issuedAt + lifetime })
  return token
}

function tokenAnswer(origin: Origin, withRefreshToken: boolean): Record<string, unknown> {
  const access_token = issue('access', origin, 3600)
  const answer = { access_token, token_type: 'Bearer', expires_in: 3600, scope: origin.scope }
  return withRefreshToken ? { ...answer, refresh_token: issue('refresh', origin, 86_400) } : answer
}

function grant(client: string, form: URLSearchParams): Record<string, unknown> | undefined {
  switch (form.get('grant_type')) {
    case 'client_credentials':
      if (form.get('scope') !== ACTORS.scope) return undefined
      return tokenAnswer({ client, subject: null, scope: ACTORS.scope, family: null }, false)
    case 'refresh_token': {
      const spent = store.spend(digestOf(form.get('refresh_token') ?? ''), 'refresh', client, now())
      return spent && tokenAnswer(spent, true)
    }
    case 'authorization_code': {
      const digest = digestOf(form.get('code') ?? '')
      const spent = store.spend(digest, 'code', client, now())
      const binding = `${form.get('redirect_uri')} ${digestOf(form.get('code_verifier') ?? '')}`
      return spent?.binding === binding ? tokenAnswer({ ...spent, family: digest }, true) : undefined
    }
    default:
      return undefined
  }
}

function token(request: IncomingMessage, response: ServerResponse): void {
  readForm(request, (form) => {
    const client = clients.clientOf(request)
    if (client === undefined) return sendJson(response, 401, { error: 'invalid_client' })
    const answer = grant(client, form)
    if (!answer) return sendJson(response, 400, { error: 'invalid_grant' })
    store.commits.afterCommit(() => sendJson(response, 200, answer))
  })
}

function introspect(request: IncomingMessage, response: ServerResponse): void {
  readForm(request, (form) => {
    if (clients.clientOf(request) === undefined) return sendJson(response, 401, { error: 'invalid_client' })
    const row = store.find(digestOf(form.get('token') ?? ''), now())
    if (row?.kind !== 'access') return sendJson(response, 200, { active: false })
    const { client: client_id, scope, expiresAt: exp, issuedAt: iat } = row
    sendJson(response, 200, { active: true, client_id, scope, exp, iat, token_type: 'Bearer' })
  })
}

function signedIn(request: IncomingMessage): SignedIn | undefined {
  const cookie = /(?:^|; )sid=([^;]+)/.exec(request.headers.cookie ?? '')?.[1] ?? ''
  const subject = store.subjectOfSession(digestOf(cookie), now())
  return subject === undefined ? undefined : { subject, cookie }
}

function authorize(request: IncomingMessage, response: ServerResponse, query: string) {
  const form = new URLSearchParams(query)
  const subject = signedIn(request)?.subject
  const client = form.get('client_id') ?? ''
  const redirectUri = form.get('redirect_uri') ?? ''
  const challenge = form.get('code_challenge')
  const isValid = client === ACTORS.client.id && redirectUris.has(redirectUri) && form.get('response_type') === 'code'
  if (!isValid || form.get('code_challenge_method') !== 'S256' || challenge === null || subject === undefined) {
    return sendJson(response, 400, { error: 'invalid_request' })
  }
  const scope = store.consentedScope(client, subject)
  if (scope === undefined || scope !== form.get('scope')) return sendJson(response, 400, { error: 'consent_required' })
  const code = issue('code', { client, subject, scope, family: null }, 60, `${redirectUri} ${challenge}`)
  const answer = new URLSearchParams({ code, state: form.get('state') ?? '', iss: `http://127.0.0.1:${port}` })
  store.commits.afterCommit(() => {
    response.writeHead(303, { location: `${redirectUri}?${answer}`, 'content-length': 0, 'cache-control': 'no-store' })
    response.end()
  })
}

function resource(request: IncomingMessage, response: ServerResponse) {
  const row = store.find(digestOf(request.headers.authorization?.slice(7) ?? ''), now())
  if (row?.kind !== 'access') return sendJson(response, 401, { error: 'invalid_token' })
  sendJson(response, 200, { ok: true, client: row.client })
}

createServer((request, response) => {
  const [path = '', query = ''] = (request.url ?? '').split('?', 2)
  if (path === '/token') return token(request, response)
  if (path === '/introspect') return introspect(request, response)
  if (path === '/authorize') return authorize(request, response, query)
  if (path === '/oauth1/initiate') return oauth1.initiate(request, response, path, query)
  if (path === '/oauth1/token') return oauth1.exchange(request, response, path, query)
  if (path === '/oauth1/authorize') {
    return request.method === 'POST' ? owner.decide(request, response) : owner.ask(request, response, query)
  }
  if (path === '/protected') {
    const isSigned = request.headers.authorization?.startsWith('OAuth ') === true
    return isSigned ? oauth1.resource(request, response, path, query) : resource(request, response)
  }
  sendJson(response, 404, { error: 'not_found' })
}).listen(Number(port), '127.0.0.1')
