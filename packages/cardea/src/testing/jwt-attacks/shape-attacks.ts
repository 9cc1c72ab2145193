import { base64url, type HonestJwt, headerOf, honestToken, type JwtAttack, rawToken } from './attack.ts'

const duplicated = (text: string, member: string): string => `${text.slice(0, -1)},${member}}`

/** Another text for the same bytes: the last character of a part may hold bits that decoders drop. */
function withLooseBits(token: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  return token.slice(0, -1) + alphabet[alphabet.indexOf(token.at(-1) ?? '') + 1]
}

function serializations(honest: HonestJwt): readonly (readonly [title: string, token: string])[] {
  const token = honestToken(honest)
  const [head = '', body = '', signature = ''] = token.split('.')
  const flattened = { protected: head, payload: body, signature }
  return [
    ['the flattened JSON serialization', JSON.stringify(flattened)],
    ['the general JSON serialization', JSON.stringify({ payload: body, signatures: [flattened] })],
    ['one part', head],
    ['two parts', `${head}.${body}`],
    ['four parts', `${token}.${signature}`],
    ['six parts', `${token}.a.b.c`],
    ['a dot at the end', `${token}.`],
    ['a detached payload', `${head}..${signature}`],
    ['no header', `.${body}.${signature}`],
    ['dots alone', '..'],
    ['padding', `${head}=.${body}.${signature}`],
    ['padding of the signature', `${token}==`],
    ['a blank inside', `${head}. ${body}.${signature}`],
    ['a line break inside', `${head}.\n${body}.${signature}`],
    ['characters that are not of the alphabet', `${head}.${body}.${signature.slice(0, 10)}!!${signature.slice(10)}`],
    ...(signature.length % 4 === 0 ? [] : ([['loose bits in the signature', withLooseBits(token)]] as const)),
  ]
}

function payloads(honest: HonestJwt): readonly (readonly [title: string, token: string])[] {
  const header = headerOf(honest)
  const text = JSON.stringify(honest.claims)
  const signed = (payload: string | Uint8Array): string => rawToken(honest.key, header, payload)
  const [head = '', , signature = ''] = honestToken(honest).split('.')
  const other = base64url(JSON.stringify({ ...honest.claims, sub: 'somebody-else' }))
  return [
    ['a payload that was changed afterwards', `${head}.${other}.${signature}`],
    ['a payload that is a list', signed(`[${text}]`)],
    ['a payload that is a string', signed(JSON.stringify(text))],
    ['a payload that is null', signed('null')],
    ['a payload that is a number', signed('1')],
    ['an empty payload', signed('')],
    ['a payload that is no JSON', signed(`${text}x`)],
    [
      'a payload that is no UTF-8',
      signed(Buffer.concat([Buffer.from(duplicated(text, '"x":"')).subarray(0, -1), Buffer.from([0xff, 0x22, 0x7d])])),
    ],
    ['a byte order mark', signed(`\uFEFF${text}`)],
    ['two members of one name', signed(duplicated(text, `${JSON.stringify(Object.keys(honest.claims)[0])}:"other"`))],
    ['two members of one name, one escaped', signed(duplicated(text, '"x":1,"\\u0078":2'))],
    ['two members of one name, nested', signed(duplicated(text, '"x":{"y":1,"y":2}'))],
    ['a member called __proto__', signed(duplicated(text, '"__proto__":{"admin":true}'))],
    ['endless nesting', signed(duplicated(text, `"x":${'['.repeat(100)}${']'.repeat(100)}`))],
  ]
}

function headers(honest: HonestJwt): readonly (readonly [title: string, token: string])[] {
  const text = JSON.stringify(headerOf(honest))
  const signed = (header: string): string => rawToken(honest.key, header, honest.claims)
  return [
    ['two algorithms in the header', signed(duplicated(text, '"alg":"none"'))],
    ['a header that is a list', signed(`[${text}]`)],
    ['a header that is no JSON', signed('alg')],
    ['a header with a byte order mark', signed(`\uFEFF${text}`)],
  ]
}

/** What is no JWS in compact form, or holds no JSON object that everybody reads alike. */
export function shapeAttacks(honest: HonestJwt): readonly JwtAttack[] {
  const token = honestToken(honest)
  const [head = '', body = '', signature = ''] = token.split('.')
  const shapes = [...serializations(honest), ...payloads(honest), ...headers(honest)]
  return [
    ...shapes.map(([title, forged]) => ({ row: 'T-JWT-3', title, token: forged })),
    {
      row: 'T-JWT-3, SEC-01',
      title: 'five parts, as an encrypted token has',
      token: `${head}.${body}.${signature}.${body}.${signature}`,
    },
    {
      row: 'T-JWT-3, SEC-05',
      title: 'three hundred kilobytes, honestly signed',
      token: rawToken(honest.key, headerOf(honest), { ...honest.claims, filler: 'x'.repeat(300_000) }),
    },
    { row: 'T-JWT-3, SEC-05', title: 'a million dots', token: '.'.repeat(1_000_000) },
  ]
}
