import { createPublicKey } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { DatabaseSync } from 'node:sqlite'
import { ACTORS } from '../load/target.ts'
import { FloorSigner } from './floor-jwt.ts'
import { FloorProofs } from './floor-proofs.ts'
import { FloorPushed } from './floor-pushed.ts'
import { FloorStore, type Row } from './floor-store.ts'
import { BasicAuthentication, digestOf, mintToken, now, readForm, sendJson } from './http-floor.ts'
import { OAuth1Floor } from './oauth1-floor.ts'
import { OAuth1FloorOwner, type SignedIn } from './oauth1-floor-owner.ts'
import { OAuth1FloorQuestions } from './oauth1-floor-questions.ts'
import { OAuth1FloorStore } from './oauth1-floor-store.ts'
import { TurnCommits } from './turn-commits.ts'

// The least work that an honest server can do. Not a product: a yardstick for products.

const [port = '', file = ''] = process.argv.slice(2)
const origin = `http://127.0.0.1:${port}`
const database = new DatabaseSync(file)
database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL')
const commits = new TurnCommits(database)
const store = new FloorStore(database, commits)
const clients = new BasicAuthentication(ACTORS.client.id, ACTORS.client.secret)
const oauth1Store = new OAuth1FloorStore(database, commits)
const { client, redirectUri: callback, scope } = ACTORS
const consumer = { key: client.id, secret: client.secret, callback, scope }
const questions = new OAuth1FloorQuestions(database, commits)
const oauth1 = new OAuth1Floor(origin, consumer, oauth1Store, questions)
const owner = new OAuth1FloorOwner({ store: oauth1Store, questions, signedIn })
const signingKey = process.env.BENCHMARK_CLIENT_KEY
const signingClient = signingKey
  ? { id: ACTORS.signingClient, key: createPublicKey({ key: JSON.parse(signingKey), format: 'jwk' }) }
  : undefined
const proofs = new FloorProofs(origin, signingClient, (key, until) => oauth1Store.claim(key, until))
const pushed = new FloorPushed(database, commits)
const { kept, unkept } = ACTORS.resources
const es256 = new FloorSigner('ES256')
const edDsa = new FloorSigner('EdDSA')
const jwtResources = new Map<string, JwtResource>([
  [kept.ES256, { signer: es256, isKept: true }],
  [kept.EdDSA, { signer: edDsa, isKept: true }],
  [unkept.ES256, { signer: es256, isKept: false }],
  [unkept.EdDSA, { signer: edDsa, isKept: false }],
])
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

interface JwtResource {
  readonly signer: FloorSigner
  /** With a row like an opaque token has, by which an operator finds it. */
  readonly isKept: boolean
}

/** RFC 9068. */
function issueJwt({ isKept, signer }: JwtResource, aud: string, client: string): Record<string, unknown> {
  const [jti, iat] = [mintToken(), now()]
  if (isKept) {
    const row = { client, subject: null, scope: ACTORS.scope, family: null, binding: null }
    store.save({ digest: digestOf(jti), kind: 'access', ...row, issuedAt: iat, expiresAt: iat + 3600 })
  }
  const claims = { iss: origin, aud, sub: client, client_id: client, exp: iat + 3600, iat, jti, scope: ACTORS.scope }
  return { access_token: signer.sign(claims), token_type: 'Bearer', expires_in: 3600, scope: ACTORS.scope }
}

function tokenAnswer(origin: Origin, withRefreshToken: boolean, jkt: string | null = null): Record<string, unknown> {
  const access_token = issue('access', origin, 3600, jkt)
  const answer = { access_token, token_type: jkt === null ? 'Bearer' : 'DPoP', expires_in: 3600, scope: origin.scope }
  return withRefreshToken ? { ...answer, refresh_token: issue('refresh', origin, 86_400) } : answer
}

function grantForClient(client: string, form: URLSearchParams, jkt: string | null) {
  if (form.get('scope') !== ACTORS.scope) return undefined
  const resource = form.get('resource')
  if (resource === null) return tokenAnswer({ client, subject: null, scope: ACTORS.scope, family: null }, false, jkt)
  const known = jwtResources.get(resource)
  return known && issueJwt(known, resource, client)
}

function grant(client: string, form: URLSearchParams, jkt: string | null): Record<string, unknown> | undefined {
  switch (form.get('grant_type')) {
    case 'client_credentials':
      return grantForClient(client, form, jkt)
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

const proofIn = (request: IncomingMessage) => request.headers.dpop as string | undefined

function token(request: IncomingMessage, response: ServerResponse): void {
  readForm(request, (form) => {
    const client = form.has('client_assertion') ? proofs.clientOf(form) : clients.clientOf(request)
    if (client === undefined) return sendJson(response, 401, { error: 'invalid_client' })
    const proof = proofIn(request)
    const jkt = proof === undefined ? null : proofs.keyOf(proof, 'POST', '/token')
    if (jkt === undefined) return sendJson(response, 400, { error: 'invalid_dpop_proof' })
    const answer = grant(client, form, jkt)
    if (!answer) return sendJson(response, 400, { error: 'invalid_grant' })
    store.commits.afterCommit(() => sendJson(response, 200, answer))
  })
}

function introspect(request: IncomingMessage, response: ServerResponse): void {
  readForm(request, (form) => {
    if (clients.clientOf(request) === undefined) return sendJson(response, 401, { error: 'invalid_client' })
    const row = store.find(digestOf(form.get('token') ?? ''), now())
    if (row?.kind !== 'access') return sendJson(response, 200, { active: false })
    const { binding: jkt, client: client_id, scope, expiresAt: exp, issuedAt: iat } = row
    const bound = jkt === null ? { token_type: 'Bearer' } : { token_type: 'DPoP', cnf: { jkt } }
    sendJson(response, 200, { active: true, client_id, scope, exp, iat, ...bound })
  })
}

function signedIn(request: IncomingMessage): SignedIn | undefined {
  const cookie = /(?:^|; )sid=([^;]+)/.exec(request.headers.cookie ?? '')?.[1] ?? ''
  const subject = store.subjectOfSession(digestOf(cookie), now())
  return subject === undefined ? undefined : { subject, cookie }
}

function push(request: IncomingMessage, response: ServerResponse): void {
  readForm(request, (form) => {
    const client = clients.clientOf(request)
    if (client === undefined) return sendJson(response, 401, { error: 'invalid_client' })
    if (!isAuthorizationRequest(form)) return sendJson(response, 400, { error: 'invalid_request' })
    const answer = pushed.save(client, form)
    store.commits.afterCommit(() => sendJson(response, 201, answer))
  })
}

function isAuthorizationRequest(form: URLSearchParams): boolean {
  const isCode = form.get('client_id') === ACTORS.client.id && form.get('response_type') === 'code'
  const isBound = form.get('code_challenge_method') === 'S256' && form.has('code_challenge')
  return isCode && isBound && redirectUris.has(form.get('redirect_uri') ?? '')
}

function requestIn(query: string): URLSearchParams | undefined {
  const form = new URLSearchParams(query)
  const reference = form.get('request_uri')
  return reference === null ? form : pushed.spend(form.get('client_id') ?? '', reference)
}

function authorize(request: IncomingMessage, response: ServerResponse, query: string) {
  const form = requestIn(query)
  const subject = signedIn(request)?.subject
  if (form === undefined || !isAuthorizationRequest(form) || subject === undefined) {
    return sendJson(response, 400, { error: 'invalid_request' })
  }
  const client = ACTORS.client.id
  const redirectUri = form.get('redirect_uri') ?? ''
  const challenge = form.get('code_challenge')
  const scope = store.consentedScope(client, subject)
  if (scope === undefined || scope !== form.get('scope')) return sendJson(response, 400, { error: 'consent_required' })
  const code = issue('code', { client, subject, scope, family: null }, 60, `${redirectUri} ${challenge}`)
  const answer = new URLSearchParams({ code, state: form.get('state') ?? '', iss: origin })
  store.commits.afterCommit(() => {
    response.writeHead(303, { location: `${redirectUri}?${answer}`, 'content-length': 0, 'cache-control': 'no-store' })
    response.end()
  })
}

function resource(request: IncomingMessage, response: ServerResponse) {
  const [scheme, text = ''] = (request.headers.authorization ?? '').split(' ', 2)
  const row = store.find(digestOf(text), now())
  if (row?.kind !== 'access' || (scheme === 'DPoP') !== (row.binding !== null))
    return sendJson(response, 401, { error: 'invalid_token' })
  if (row.binding !== null && proofs.keyOf(proofIn(request) ?? '', 'GET', '/protected', text) !== row.binding)
    return sendJson(response, 401, { error: 'invalid_dpop_proof' })
  store.commits.afterCommit(() => sendJson(response, 200, { ok: true, client: row.client }))
}

const keySet = { keys: [es256.publicJwk, edDsa.publicJwk] }

createServer((request, response) => {
  const [path = '', query = ''] = (request.url ?? '').split('?', 2)
  if (path === '/token') return token(request, response)
  if (path === '/introspect') return introspect(request, response)
  if (path === '/authorize') return authorize(request, response, query)
  if (path === '/par') return push(request, response)
  if (path === '/jwks') return sendJson(response, 200, keySet)
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
