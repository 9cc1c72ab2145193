import type { Random } from './random.ts'
import type { RawRequest } from './raw-request.ts'

type Mutation = (request: RawRequest, random: Random) => RawRequest

const names = [
  ...['oauth_consumer_key', 'oauth_token', 'oauth_signature_method', 'oauth_signature', 'oauth_timestamp'],
  ...[
    'oauth_nonce',
    'oauth_version',
    'oauth_callback',
    'oauth_verifier',
    'oauth_token_secret',
    'oauth_',
    'OAUTH_TOKEN',
  ],
  ...['realm', 'scope', 'url', 'method', 'body', 'authorization', 'content_type', 'decision', 'csrf', 'action'],
  ...['client_id', 'client_secret', 'client_assertion', 'client_assertion_type', 'assertion', 'request', 'request_uri'],
  ...['redirect_uri', 'response_type', 'response_mode', 'code_challenge_method', 'resource', 'audience', 'dpop_jkt'],
  ...['authorization_details', 'grant_type', 'subject_token', 'subject_token_type', 'actor_token', 'user_code'],
  ...['device_code', 'max_age', 'acr_values', 'prompt', 'jwks', 'jwks_uri', 'software_statement', 'token'],
  ...['__proto__', 'constructor', 'toString', '', 'a[]', 'a.b'],
]

const values = [
  ...['', '%', '%0', '%zz', '%00', '%0d%0a', '%ff', '%c3%28', '%ed%a0%80', '%f0%9f%94%91', '+', '%2B', '&', '=', '"'],
  ...['\\', '\u0000', '\r\n', '\t', 'é', '漢字', '\ud800', '\ufffd', '%EF%BF%BD', "'()*!", '1', '0', '-1', '1e309'],
  ...['NaN', '9'.repeat(30), '1.0', '2.0', 'oob', 'HMAC-SHA1', 'HMAC-SHA256', 'RSA-SHA256', 'PLAINTEXT', 'RSA-SHA1'],
  ...['printer', 'keyed', 'nobody', 'https://client.example/cb?kept=1', 'javascript:alert(1)', 'http://[::1', '//'],
  ...['[]', '[{}]', '[{"type":"payment"}]', '{"__proto__":{"admin":true}}', '['.repeat(3000), 'null', 'e30.e30.', '..'],
  ...['urn:ietf:params:oauth:request_uri:x', 'https://169.254.169.254/', 'jwt', 'query.jwt', 'none', 'app', 'shop'],
  ...['true', 'allow', 'a'.repeat(5000), '%41'.repeat(400), '{}', '[object Object]', 'undefined', 'null'],
]

const odd = [
  ...['null', 'true', '0', '-1', '1e400', '""', '[]', '{}', '[[]]', '[null]', '{"__proto__":{"a":1}}', '"\\u0000"'],
  ...[
    '"\\ud800"',
    `${'['.repeat(500)}${']'.repeat(500)}`,
    '{"keys":[{}]}',
    '{"keys":[null]}',
    '9e15',
    '"https://[::1]/"',
  ],
]

const methods = ['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'HEAD', 'OPTIONS', 'TRACE', 'post', 'X-ANY', '__proto__']
const types = [
  'application/x-www-form-urlencoded',
  'application/x-www-form-urlencoded; charset=latin1',
  'application/x-www-form-urlencoded, text/plain',
  'APPLICATION/X-WWW-FORM-URLENCODED',
  'application/json',
  'multipart/form-data; boundary=x',
  '',
  ';;;',
]
const headerNames = [
  'authorization',
  'content-type',
  'content-encoding',
  'host',
  'cookie',
  'origin',
  'x-forwarded-proto',
  'dpop',
  'accept',
  'x-forwarded-client-cert',
]

const pairText = (random: Random): string => `${random.of(names)}=${random.of(values)}`

/** Changes one piece of a list of `name=value`: drops, repeats, replaces, adds or swaps. */
function changedList(text: string, separator: string, quoted: boolean, random: Random): string {
  const pieces = text.split(separator)
  const at = random.int(pieces.length)
  const [name = ''] = (pieces[at] ?? '').split('=', 1)
  const value = random.of(values)
  const other = quoted ? `${random.of(names)}="${value}"` : pairText(random)
  const kinds: (() => void)[] = [
    () => pieces.splice(at, 1),
    () => pieces.splice(at, 0, pieces[at] ?? ''),
    () => pieces.splice(at, 1, quoted ? `${name}="${value}"` : `${name}=${value}`),
    () => pieces.splice(at, 0, other),
    () => pieces.splice(random.int(pieces.length), 0, ...pieces.splice(at, 1)),
    () => pieces.splice(at, 1, name),
    () => pieces.splice(at, 0, ...Array.from({ length: 1200 }, () => 'a=b')),
  ]
  // The last kind is slow, and once in a while is enough.
  kinds[random.chance(0.01) ? 6 : random.int(6)]?.()
  return pieces.join(separator)
}

function damaged(text: string, random: Random): string {
  const at = random.int(text.length + 1)
  const gone = random.int(4)
  return text.slice(0, at) + (random.chance(0.7) ? random.of(values).slice(0, 12) : '') + text.slice(at + gone)
}

/** Swaps one part of what looks like a JWT, or one value of JSON, for another. */
function damagedInside(text: string, random: Random): string {
  const parts = random.chance(0.5) ? /[\w-]+\.[\w-]*\.[\w-]*/g : /"[^"]*"|\d+|\[[^\]]*\]/g
  const found = [...text.matchAll(parts)]
  if (found.length === 0) return damaged(text, random)
  const { 0: whole, index } = random.of(found)
  return text.slice(0, index) + otherValue(whole, random) + text.slice(index + whole.length)
}

const json = (random: Random): string =>
  random.of([...odd, JSON.stringify(random.of(values)), JSON.stringify({ [random.of(names)]: random.of(values) })])

function otherValue(whole: string, random: Random): string {
  const [header = '', payload, signature = ''] = whole.split('.')
  if (payload === undefined || whole.startsWith('[') || whole.startsWith('"')) return json(random)
  const at = random.int(3)
  const readable = Buffer.from(at === 0 ? header : payload, 'base64url').toString()
  const changed = random.chance(0.5) ? damagedInside(readable, random) : damaged(readable, random)
  const text = random.chance(0.1) ? json(random) : changed
  const part = at === 2 ? random.of(values) : Buffer.from(text).toString('base64url')
  return [header, payload, signature].map((old, n) => (n === at ? part : old)).join('.')
}

const withHeader = (request: RawRequest, name: string, change: (value: string) => string): RawRequest => ({
  ...request,
  headers: request.headers.map(([it, value]) => [it, it === name ? change(value) : value] as const),
})

const mutations: readonly Mutation[] = [
  (request, random) => withHeader(request, 'authorization', (value) => changedList(value, ', ', true, random)),
  (request, random) => withHeader(request, 'authorization', (value) => damaged(value, random)),
  (request, random) => ({ ...request, body: changedList(request.body, '&', false, random) }),
  (request, random) => ({ ...request, body: damaged(request.body, random) }),
  (request, random) => {
    const [path = '', query = ''] = request.target.split('?', 2)
    return { ...request, target: `${path}?${changedList(query, '&', false, random)}` }
  },
  (request, random) => ({ ...request, target: damaged(request.target, random) }),
  (request, random) => ({ ...request, method: random.of(methods) }),
  (request, random) => withHeader(request, 'content-type', () => random.of(types)),
  (request, random) => ({
    ...request,
    headers: [
      ...request.headers,
      [random.of(headerNames), random.of([...values, ...types, 'OAuth a="b"', 'Bearer x'])],
    ],
  }),
  (request, random) => ({ ...request, headers: request.headers.filter(() => random.chance(0.5)) }),
  (request) => ({ ...request, headers: [...request.headers, ...request.headers] }),
  (request, random) => ({ ...request, body: damagedInside(request.body, random) }),
  (request, random) => ({ ...request, target: damagedInside(request.target, random) }),
  (request, random) => withHeader(request, 'dpop', (value) => damagedInside(value, random)),
  // The parameters in another place, or in two.
  (request, random) => {
    const header = request.headers.find(([name]) => name === 'authorization')?.[1] ?? ''
    const form = header
      .replace(/^OAuth /, '')
      .replaceAll('"', '')
      .split(', ')
      .join('&')
    const joint = request.target.includes('?') ? '&' : '?'
    if (random.chance(0.5)) return { ...request, target: `${request.target}${joint}${form}` }
    return { ...request, body: [request.body, form].filter(Boolean).join('&') }
  },
]

/** One to four changes; now and then none, so that what the next ones meet has changed. */
export function mutated(request: RawRequest, random: Random): RawRequest {
  let changed = request
  for (let left = random.chance(0.05) ? 0 : 1 + random.int(4); left > 0; left -= 1) {
    changed = random.of(mutations)(changed, random)
  }
  return changed
}
