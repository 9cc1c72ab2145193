import { generateKeyPairSync } from 'node:crypto'
import { CompactEncrypt, importJWK } from 'jose'
import { encryptedTo } from './encrypted-to.ts'

interface Jwk {
  readonly kty: string
  readonly alg: string
  readonly kid: string
}

const encoded = (header: object): string => Buffer.from(JSON.stringify(header)).toString('base64url')

/** Headers that our key never belongs to, in front of a body that it does. */
const relabelled: readonly object[] = [
  { alg: 'RSA1_5' },
  { alg: 'none' },
  { alg: 'dir' },
  { alg: 'A256KW' },
  { alg: 'RSA-OAEP' },
  { alg: 'RSA-OAEP-512' },
  { alg: 'ES256' },
  { alg: ['RSA-OAEP-256'] },
  { alg: 'PBES2-HS256+A128KW', p2c: 2_000_000_000, p2s: 'AAAAAAAAAAA' },
  { enc: 'A256CTR' },
  { enc: 'none' },
  { enc: ['A256GCM'] },
  { enc: undefined },
  { alg: undefined },
  { epk: { kty: 'EC', crv: 'P-256', x: 'AAAA', y: 'AAAA' } },
]

/** Members that nobody reads, sealed with the rest. */
const sealedIn: readonly Record<string, unknown>[] = [
  { zip: 'DEF' },
  { zip: 'none' },
  { crit: ['exp'] },
  { b64: false },
  { jwk: {} },
  { jku: 'https://attacker.example/jwks.json' },
  { x5u: 'https://attacker.example/chain.pem' },
  { x5c: ['MIIB'] },
  { p2c: 1 },
  { p2s: 'AAAA' },
  { kid: 'another' },
  { kid: '../../../../dev/null' },
  { kid: ['x'] },
]

async function sealed(jwk: Jwk, text: string | Uint8Array, more: object): Promise<string> {
  const header = { alg: jwk.alg, enc: 'A256GCM', kid: jwk.kid, cty: 'oauth-authz-req+jwt', ...more }
  const bytes = typeof text === 'string' ? new TextEncoder().encode(text) : text
  return new CompactEncrypt(bytes).setProtectedHeader(header as never).encrypt(await importJWK(jwk, jwk.alg))
}

/** Forged encryptions of a signed token that would hold, for a server that has the private part of `jwk` (T-JWT-7). */
export async function jweAttacks(jwk: Jwk, signed: string, claims: object): Promise<readonly (readonly string[])[]> {
  const token = await encryptedTo(jwk, signed)
  const [head = '', ...rest] = token.split('.')
  const header = JSON.parse(Buffer.from(head, 'base64url').toString())
  const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({ format: 'jwk' })
  const secret = new Uint8Array(32)
  const byPassword = new CompactEncrypt(new TextEncoder().encode(signed)).setProtectedHeader({
    ...{ alg: 'PBES2-HS256+A128KW', enc: 'A256GCM' },
  })
  const direct = new CompactEncrypt(new TextEncoder().encode(signed)).setProtectedHeader({
    ...{ alg: 'dir', enc: 'A256GCM' },
  })
  const tampered = token.split('.').map((part, index, parts) => {
    const middle = Math.floor(part.length / 2)
    const changed = `${part.slice(0, middle)}${part[middle] === 'A' ? 'B' : 'A'}${part.slice(middle + 1)}`
    return [`part ${index} changed`, parts.with(index, changed).join('.')] as const
  })
  const emptied = token.split('.').map((_, index, parts) => [`part ${index} empty`, parts.with(index, '').join('.')])
  const nested = await sealed(jwk, token, { cty: 'JWT' })
  return [
    ...relabelled.map((more) => [
      `header ${JSON.stringify(more)}`,
      [encoded({ ...header, ...more }), ...rest].join('.'),
    ]),
    ...(await Promise.all(
      sealedIn
        .filter((more) => more.crit === undefined && more.b64 === undefined)
        .map(async (more) => [
          `sealed ${JSON.stringify(more)}`,
          await sealed(jwk, signed, more).catch(() => [encoded({ ...header, ...more }), ...rest].join('.')),
        ]),
    )),
    ...tampered.filter(([title]) => header.alg !== 'ECDH-ES' || title !== 'part 1 changed'),
    ...emptied.filter(([title]) => header.alg !== 'ECDH-ES' || title !== 'part 1 empty'),
    ['the key of a stranger', await sealed({ ...jwk, ...stranger, alg: 'RSA-OAEP-256' } as Jwk, signed, {})],
    ['a password', await byPassword.encrypt(new TextEncoder().encode('secret'))],
    ['a shared key', await direct.encrypt(secret)],
    ['nothing signed', await sealed(jwk, JSON.stringify(claims), { cty: 'JSON' })],
    ['signed by nobody', await sealed(jwk, `${encoded({ alg: 'none' })}.${encoded(claims)}.`, {})],
    ['encrypted twice', nested],
    ['no UTF-8', await sealed(jwk, Buffer.concat([Buffer.from(signed), Buffer.from([0xff])]), {})],
    ['a byte order mark', await sealed(jwk, `\uFEFF${signed}`, {})],
    ['a bomb', await sealed(jwk, 'x'.repeat(14_000), { zip: 'DEF' }).catch(() => '')],
    ['thirty kilobytes', await sealed(jwk, `${signed}${' '.repeat(30_000)}`, {})],
    ['the JSON serialization', JSON.stringify({ protected: head, encrypted_key: rest[0], ciphertext: rest[2] })],
    ['six parts', `${token}.x`],
    ['a dot at the end', `${token}.`],
    ['padding', `${token}=`],
    ['a line break', token.replace('.', '.\n')],
    ['dots alone', '....'],
  ]
}
