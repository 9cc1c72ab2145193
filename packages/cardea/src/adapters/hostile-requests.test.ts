import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type Loopback, listenOnLoopback } from '../testing/loopback.ts'
import { basic, startTestServer, type TestServer } from '../testing/test-server.ts'
import { nodeHandler } from './node.ts'

let server: TestServer
let loopback: Loopback

before(async () => {
  server = await startTestServer({
    profile: 'django-oauth2-server',
    clients: [{ client_id: 'job', secret: 'job-secret' }, { client_id: 'app' }],
    users: [{ id: 'u1', username: 'ada', password: 'correct horse' }],
  })
  loopback = await listenOnLoopback(nodeHandler(server.provider))
})
after(() => loopback.close())

const posts = [
  '/token',
  '/api/v1/tokens/',
  '/revoke',
  '/introspect',
  '/authorize',
  '/web/authorize/',
  '/interaction/made-up',
  '/sign-out',
] as const
const gets = [
  '/authorize',
  '/web/authorize/',
  '/interaction/made-up',
  '/sign-out',
  '/form-post.js',
  '/.well-known/oauth-authorization-server',
] as const
const all = [...new Set([...posts, ...gets])]

interface Sent {
  readonly method: string
  readonly path: string
  readonly type?: string
  readonly body?: string | Buffer
  readonly headers?: string
}

async function send({ method, path, type, body = '', headers = '' }: Sent): Promise<{ status: number; text: string }> {
  const bytes = Buffer.from(body)
  const typeLine = type === undefined ? '' : `content-type: ${type}\r\n`
  const head = `${method} ${path} HTTP/1.1\r\nhost: auth.example\r\nconnection: close\r\n${typeLine}${headers}`
  const answer = await loopback.exchange(
    Buffer.concat([Buffer.from(`${head}content-length: ${bytes.length}\r\n\r\n`, 'latin1'), bytes]),
  )
  const [, status] = /^HTTP\/1\.1 (\d{3}) /.exec(answer) ?? []
  return { status: Number(status), text: answer }
}

async function mustBe4xx(sent: Sent): Promise<void> {
  const { status, text } = await send(sent)
  assert.ok(status >= 400 && status < 500, `${sent.method} ${sent.path}: ${text.slice(0, 300)}`)
}

for (const method of ['TRACE', 'PUT', 'DELETE', 'PATCH', 'PROPFIND', 'MKCOL', 'LINK', 'QUERY', 'OPTIONS']) {
  test(`RFC 9110 §15.5.6: ${method} is not allowed anywhere`, async () => {
    for (const path of all) await mustBe4xx({ method, path, type: 'application/x-www-form-urlencoded', body: 'a=b' })
  })
}

const formType = 'application/x-www-form-urlencoded'
const auth = `authorization: ${basic('job', 'job-secret')}\r\n`
const many = (count: number): string => Array.from({ length: count }, (_, n) => `p${n}=`).join('&')
const names = ['client_id', 'grant_type', 'token', 'csrf', 'response_type', 'redirect_uri', 'state', 'x']

const bodies: readonly (readonly [what: string, type: string | undefined, body: string | Buffer])[] = [
  ['JSON', 'application/json', '{"grant_type":"client_credentials"}'],
  ['multipart', 'multipart/form-data; boundary=b', '--b\r\ncontent-disposition: form-data; name="a"\r\n\r\n1\r\n--b--'],
  ['text', 'text/plain', 'grant_type=client_credentials'],
  ['XML', 'application/xml', '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'],
  ['no type', undefined, 'grant_type=client_credentials'],
  ['an empty type', '', 'grant_type=client_credentials'],
  ['10 000 parameters', formType, many(10_000)],
  ['201 parameters', formType, many(201)],
  ['more than 128 kB', formType, 'a='.padEnd(131_073, 'x')],
  ['a lone percent', formType, 'client_id=%'],
  ['bad percent-encoding', formType, 'client_id=%zz&%=%'],
  ['percent-encoded bytes that are no UTF-8', formType, 'client_id=%ff%fe'],
  ['an encoded surrogate', formType, 'client_id=%ed%a0%80'],
  ['raw bytes that are no UTF-8', formType, Buffer.from([0x61, 0x3d, 0xff, 0xfe])],
  ['a NUL client', formType, 'client_id=%00&client_secret=%00&grant_type=%00&token=%00&code=%00'],
  ['names of the prototype', formType, '__proto__=1&constructor=2&toString=3&hasOwnProperty=4&client_id=__proto__'],
  ['the prototype as grant', formType, 'grant_type=constructor&client_id=app&response_type=__proto__'],
  ['array and object notation', formType, 'client_id[]=app&client_id[a]=b&scope[$ne]=x'],
  ...names.map((name) => [`${name} twice`, formType, `${name}=a&${name}=a`] as const),
  ['a name of 100 kB', formType, `${'n'.repeat(100_000)}=1&${'n'.repeat(100_000)}=2`],
  ['markup', formType, `client_id=${encodeURIComponent('<script>alert(1)</script>')}&redirect_uri=javascript:alert(1)`],
  ['line breaks', formType, 'client_id=a%0d%0aset-cookie:%20a=b&state=%0d%0alocation:%20https://evil.example'],
  ['SQL', formType, `client_id=${encodeURIComponent("' OR 1=1; DROP TABLE clients; --")}&token=%27`],
]
for (const [what, type, body] of bodies) {
  test(`RFC 6749 §3.2: a body with ${what} is a 4xx wherever a form is posted`, async () => {
    const browser = 'cookie: __Host-cardea_browser=cbr_nonsense\r\n'
    for (const path of posts) {
      const sent = { method: 'POST', path, body, ...(type !== undefined && { type }) }
      const { status, text } = await send({ ...sent, headers: browser })
      // A form from another site is sent round to the authorization endpoint as a GET, which then refuses it.
      const isSentRound =
        path.includes('authorize') && status === 303 && /\r\nlocation: \/[a-z/]*authorize\?/.test(text)
      // To sign out when nobody is signed in is done already.
      const isSignedOut = path === '/sign-out' && status === 200
      assert.ok((status >= 400 && status < 500) || isSentRound || isSignedOut, `${path}: ${text.slice(0, 300)}`)
      assert.equal(/<script>alert|\r\nset-cookie: a=b/.test(text), false)
    }
  })

  test(`RFC 6749 §3.2: a body with ${what} does no harm from a client that authenticated`, async () => {
    for (const path of posts) {
      const { status, text } = await send({
        method: 'POST',
        path,
        body,
        headers: auth,
        ...(type !== undefined && { type }),
      })
      assert.ok(status >= 200 && status < 500, `${path}: ${text.slice(0, 300)}`)
    }
  })
}

const queries = [
  'client_id=%',
  'client_id=%ff',
  'client_id=app&client_id=app',
  'client_id=__proto__&response_type=code',
  'client_id=app&redirect_uri=https://evil.example',
  'client_id=app&redirect_uri=//evil.example',
  'client_id=app&redirect_uri=https://client.example/cb%00',
  'client_id=app&redirect_uri=https://client.example/cb%0d%0aa:b',
  'client_id=app&redirect_uri=https:%5C%5Cclient.example/cb',
  many(201),
]
for (const query of queries) {
  test(`RFC 6749 §4.1.2.1: the query ${query.slice(0, 60)} is a 4xx and no redirect`, async () => {
    for (const path of ['/authorize', '/web/authorize/']) {
      const { status, text } = await send({ method: 'GET', path: `${path}?${query}` })
      assert.equal(status, 400, text.slice(0, 300))
      assert.equal(/\r\nlocation:/i.test(text), false)
    }
  })
}

test('RFC 6749 §3.1: a form that is too long for an address is refused and not sent round', async () => {
  const form = (length: number) => ({ type: formType, body: `client_id=app&state=${'s'.repeat(length)}` })
  assert.equal((await send({ method: 'POST', path: '/authorize', ...form(2048) })).status, 303)
  await mustBe4xx({ method: 'POST', path: '/authorize', ...form(9000) })
})

test('RFC 6749 §3.1: a hostile query does no harm where none is read', async () => {
  for (const path of gets.slice(2)) {
    for (const query of queries) assert.ok((await send({ method: 'GET', path: `${path}?${query}` })).status < 500)
  }
})

const targets = [
  '//evil.example',
  '//evil.example/token',
  '/\\evil.example',
  '/token/../token',
  '/./token',
  '/token%2f',
  '/token%00',
  '/%2e%2e/%2e%2e/etc/passwd',
  '/token;x=1',
  '/TOKEN',
  '/authorize/../../etc/passwd',
  '/interaction/../token',
  '/interaction/%00',
  '/interaction/%ff%fe',
  `/interaction/${'a'.repeat(5000)}`,
  '/__proto__',
  '/constructor',
  '/?a=b',
  'http://evil.example//token',
  'ftp://evil.example/token',
]
for (const target of targets) {
  test(`RFC 3986 §6.2: ${target.slice(0, 40)} is a 4xx and no redirect`, async () => {
    for (const method of ['GET', 'POST']) {
      const { status, text } = await send({ method, path: target, type: formType, body: 'a=b', headers: auth })
      assert.ok(status >= 400 && status < 500, text.slice(0, 300))
      assert.equal(/\r\nlocation:/i.test(text), false)
    }
  })
}

const cookies = ['=', ';;;', '__Host-cardea_session', '__Host-cardea_session=%', 'a=\xff\xfe', `a=${'b'.repeat(8000)}`]
test('RFC 6265 §5.4: no cookie header does any harm', async () => {
  for (const cookie of [...cookies, '__Host-cardea_browser=a; __Host-cardea_browser=b']) {
    for (const path of gets) {
      const { status } = await send({ method: 'GET', path, headers: `cookie: ${cookie}\r\n` })
      assert.ok(status >= 200 && status < 500)
    }
  }
})

test('RFC 9110 §15.6.1: nothing of it was a failure of the server, which still answers', async () => {
  assert.deepEqual(
    server.events.filter(({ type }) => type === 'internal_error'),
    [],
  )
  const sound = { type: formType, body: 'grant_type=client_credentials', headers: auth }
  assert.equal((await send({ method: 'POST', path: '/token', ...sound })).status, 200)
})
