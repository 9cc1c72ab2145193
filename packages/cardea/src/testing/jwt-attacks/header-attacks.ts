import { createPublicKey } from 'node:crypto'
import { algorithmFacts, publicKeyAlgorithms, secretKeyAlgorithms } from '../../core/crypto/jose/algorithms.ts'
import {
  type AttackKey,
  base64url,
  derToken,
  type HonestJwt,
  headerOf,
  hmacToken,
  honestToken,
  type JwtAttack,
  rawToken,
} from './attack.ts'
import { attackerKey, weakKey } from './attacker-key.ts'

const signingAlgorithms = [...publicKeyAlgorithms, ...secretKeyAlgorithms]

/** Secrets that anybody has, or may guess. */
function publicTexts({ claims, key }: HonestJwt): Readonly<Record<string, string | Uint8Array>> {
  const known = { 'empty secret': '', zeros: new Uint8Array(32), subject: claims.sub ?? '', issuer: claims.iss ?? '' }
  if (key.publicJwk === undefined) return known
  const publicKey = createPublicKey(key.privateKey)
  return {
    ...known,
    PEM: publicKey.export({ type: 'spki', format: 'pem' }),
    DER: publicKey.export({ type: 'spki', format: 'der' }),
    JWK: JSON.stringify(key.publicJwk),
    'bare JWK': JSON.stringify(publicKey.export({ format: 'jwk' })),
    'first member': String(key.publicJwk.n ?? key.publicJwk.x),
  }
}

function algorithmAttacks(honest: HonestJwt): readonly JwtAttack[] {
  const { key, claims } = honest
  const header = headerOf(honest)
  const [head = '', body = '', signature = ''] = honestToken(honest).split('.')
  const noAlgorithm = ['none', 'None', 'NONE', 'nOnE', 'none ', ''].flatMap((alg) => {
    const unsigned = `${base64url(JSON.stringify({ ...header, alg }))}.${body}`
    return [
      { row: 'T-JWT-1, SEC-08', title: `alg ${JSON.stringify(alg)} without a signature`, token: `${unsigned}.` },
      { row: 'T-JWT-1', title: `alg ${JSON.stringify(alg)} with a signature`, token: `${unsigned}.${signature}` },
    ]
  })
  const confused = Object.entries(publicTexts(honest)).map(([form, secret]) => ({
    row: 'T-JWT-1, SEC-03',
    title: `HMAC with what is no secret (${form})`,
    token: hmacToken(header, claims, secret),
  }))
  const odd = [
    key.alg.toLowerCase(),
    'RSA1_5',
    'dir',
    'HS1',
    'constructor',
    '__proto__',
    1,
    null,
    [key.alg],
    { alg: key.alg },
    true,
  ]
  const renamed = [...odd, ...signingAlgorithms.filter((alg) => alg !== key.alg && !alg.startsWith('Ed'))].map(
    (alg) => ({
      row: 'T-JWT-1',
      title: `alg ${JSON.stringify(alg)} on a signature of ${key.alg}`,
      token: rawToken(key, { ...header, alg }, claims),
    }),
  )
  const { alg: _alg, ...withoutAlgorithm } = header
  const { length } = Buffer.from(signature, 'base64url')
  return [
    ...noAlgorithm,
    ...confused,
    ...renamed,
    { row: 'T-JWT-1', title: 'no alg at all', token: rawToken(key, withoutAlgorithm, claims) },
    { row: 'T-JWT-1, SEC-08', title: 'an empty signature', token: `${head}.${body}.` },
    { row: 'T-JWT-6', title: 'half a signature', token: `${head}.${body}.${signature.slice(0, signature.length / 2)}` },
    { row: 'T-JWT-6', title: 'a signature with more behind it', token: `${head}.${body}.${signature}AAAA` },
    { row: 'T-JWT-6', title: 'a signature of zeros', token: `${head}.${body}.${base64url(new Uint8Array(length))}` },
    {
      row: 'T-JWT-6',
      title: 'a signature of ones',
      token: `${head}.${body}.${base64url(new Uint8Array(length).fill(255))}`,
    },
    ...(key.alg.startsWith('ES')
      ? [{ row: 'T-JWT-6', title: 'a signature in DER', token: derToken(key, header, claims) }]
      : []),
  ]
}

/** The signature is sound: it is the key that is not. */
const weakKeyAttack = (honest: HonestJwt, weak: AttackKey): JwtAttack => ({
  row: 'T-KEY-1',
  title: 'a weak key of the signer',
  token: rawToken(weak, { ...headerOf(honest), alg: weak.alg, kid: weak.kid }, honest.claims),
})

/** Sound signatures by an algorithm that nobody has agreed on: one key, one algorithm (RFC 8725bis §3.1). */
function otherAlgorithms(honest: HonestJwt): readonly JwtAttack[] {
  const { claims, key } = honest
  const { kty } = algorithmFacts(key.alg)
  const others = signingAlgorithms.filter((alg) => alg !== key.alg && algorithmFacts(alg).kty === kty)
  return (kty === 'RSA' || kty === 'oct' ? others : []).map((alg) => ({
    row: 'T-JWT-1',
    title: `the same key, honestly signed by ${alg}`,
    token: rawToken({ ...key, alg }, { ...headerOf(honest), alg }, claims),
  }))
}

/** Sound signatures under a header that names a key all the same. */
function honestlySigned(honest: HonestJwt, attacker: AttackKey): readonly JwtAttack[] {
  const members: readonly Readonly<Record<string, unknown>>[] = [
    { jku: 'https://attacker.example/' },
    { x5u: 'https://attacker.example/chain.pem' },
    { x5c: ['MIIB'] },
    ...[0, null, true, ['a'], {}, '', 'a'.repeat(5000)].map((kid) => ({ kid })),
    // Where the key stands in the header, its name says nothing.
    ...(honest.keyInHeader ? [] : [{ jwk: honest.key.publicJwk ?? {} }, { jwk: attacker.publicJwk }]),
    ...(honest.keyInHeader || honest.key.kid === undefined ? [] : [{ kid: 'another' }, { kid: attacker.kid }]),
  ]
  return members.map((more) => ({
    row: 'T-JWT-2',
    title: `${JSON.stringify(more).slice(0, 60)} on an honest signature`,
    token: rawToken(honest.key, { ...headerOf(honest), ...more }, honest.claims),
  }))
}

async function keyAttacks(honest: HonestJwt): Promise<readonly JwtAttack[]> {
  const { claims } = honest
  const attacker = await attackerKey(honest.key.alg)
  const curve = await attackerKey(honest.key.alg === 'ES384' ? 'ES256' : 'ES384')
  const header = headerOf(honest)
  const by = (row: string, title: string, members: object, base: object = header): JwtAttack => ({
    row,
    title: `${title}, signed by the attacker`,
    token: rawToken(attacker, { ...base, ...members }, claims),
  })
  const { kid: _kid, ...withoutKid } = header
  const inHeader = [
    by('T-JWT-2, SEC-02', 'the attacker’s key in jwk', { jwk: attacker.publicJwk }),
    by('T-JWT-2, SEC-09', 'the attacker’s key in jwk, without kid', { jwk: attacker.publicJwk }, withoutKid),
  ]
  const kids = [
    '../../../../dev/null',
    "x' UNION SELECT 'secret",
    '__proto__',
    'constructor',
    attacker.kid ?? '',
    '',
    ' ',
    'a'.repeat(5000),
  ]
  const strange = [0, null, true, ['a'], {}, [honest.key.kid]]
  const byKid = [
    by('T-JWT-2', 'no kid', {}, withoutKid),
    ...[...kids, ...strange].map((kid) => by('T-JWT-2', `kid ${JSON.stringify(kid).slice(0, 40)}`, { kid })),
  ]
  return [
    ...(honest.keyInHeader ? [] : [...inHeader, ...byKid]),
    by('T-JWT-2', 'the honest header', {}),
    by('T-JWT-2', 'jku', { jku: 'https://attacker.example/jwks.json' }),
    by('T-JWT-2', 'x5u', { x5u: 'https://attacker.example/chain.pem' }),
    by('T-JWT-2', 'x5c', { x5c: ['MIIB'] }),
    ...honestlySigned(honest, attacker),
    { row: 'T-JWT-6', title: 'a key of another curve', token: rawToken(curve, header, claims) },
    ...(honest.weakKey === undefined ? [] : [weakKeyAttack(honest, honest.weakKey)]),
  ]
}

async function headerKeyAttacks(honest: HonestJwt): Promise<readonly JwtAttack[]> {
  if (!honest.keyInHeader) return []
  const { key, claims } = honest
  const { jwk: _jwk, ...without } = headerOf(honest)
  const weak = weakKey()
  const privateJwk = { ...key.privateKey.export({ format: 'jwk' }) }
  const secret = Buffer.alloc(32, 1)
  const withJwk = (jwk: unknown): string => rawToken(key, { ...without, jwk }, claims)
  return [
    { row: 'T-JWT-2', title: 'no key in the header', token: rawToken(key, without, claims) },
    { row: 'T-DPP-1', title: 'a private key in the header', token: withJwk(privateJwk) },
    { row: 'T-DPP-1', title: 'a key for encryption in the header', token: withJwk({ ...key.publicJwk, use: 'enc' }) },
    {
      row: 'T-DPP-1',
      title: 'a key of another algorithm in the header',
      token: withJwk({ ...key.publicJwk, alg: 'RS512' }),
    },
    {
      row: 'T-KEY-1',
      title: 'an RSA key of 1024 bits in the header',
      token: rawToken(weak, { ...without, alg: weak.alg, jwk: weak.publicJwk }, claims),
    },
    ...[null, 'key', [], [key.publicJwk], {}, { kty: key.publicJwk?.kty }].map((jwk) => ({
      row: 'T-DPP-1',
      title: `jwk ${JSON.stringify(jwk).slice(0, 40)}`,
      token: withJwk(jwk),
    })),
    {
      row: 'T-JWT-1, SEC-03',
      title: 'a secret in the header and an HMAC made with it',
      token: hmacToken({ ...without, jwk: { kty: 'oct', k: base64url(secret) } }, claims, secret),
    },
  ]
}

function extensionAttacks(honest: HonestJwt): readonly JwtAttack[] {
  const header = headerOf(honest)
  const signed = (members: object): string => rawToken(honest.key, { ...header, ...members }, honest.claims)
  const critical = [['exp'], ['b64'], ['unknown'], [], 'exp', null, ['alg', 'typ']]
  return [
    ...critical.map((crit) => ({
      row: 'T-JWT-3, SEC-04',
      title: `crit ${JSON.stringify(crit)}`,
      token: signed({ crit, unknown: 1 }),
    })),
    { row: 'T-JWT-3', title: 'b64 false', token: signed({ b64: false, crit: ['b64'] }) },
    { row: 'T-JWT-3', title: 'b64 without crit', token: signed({ b64: false }) },
    { row: 'T-JWT-3, SEC-06', title: 'zip', token: signed({ zip: 'DEF' }) },
    { row: 'T-JWT-3, SEC-01', title: 'enc', token: signed({ enc: 'A256GCM' }) },
  ]
}

function typeAttacks(honest: HonestJwt): readonly JwtAttack[] {
  const { typ: _typ, ...without } = headerOf(honest)
  const accepted = [honest.typ, ...(honest.otherTypes ?? [])]
  const kinds = [
    'JWT',
    'at+jwt',
    'dpop+jwt',
    'logout+jwt',
    'oauth-authz-req+jwt',
    'client-authentication+jwt',
    'token-introspection+jwt',
    'JOSE',
  ]
  const others = [...kinds, '', `${honest.typ} `, `application/x/${honest.typ}`, `x${honest.typ}`].filter(
    (typ) => !accepted.includes(typ),
  )
  const strange = [null, 1, [honest.typ], { typ: honest.typ }]
  const typed = [...others, ...strange].map((typ) => ({
    row: 'T-JWT-8, A2-JWTAT-05',
    title: `typ ${JSON.stringify(typ)}`,
    token: rawToken(honest.key, { ...without, typ }, honest.claims),
  }))
  const absent = { row: 'T-JWT-8, A2-JWTAT-05', title: 'no typ', token: rawToken(honest.key, without, honest.claims) }
  return accepted.includes(undefined) ? typed : [...typed, absent]
}

/** Whatever a header can be made to say. */
export const headerAttacks = async (honest: HonestJwt): Promise<readonly JwtAttack[]> => [
  ...algorithmAttacks(honest),
  ...otherAlgorithms(honest),
  ...(await keyAttacks(honest)),
  ...(await headerKeyAttacks(honest)),
  ...extensionAttacks(honest),
  ...typeAttacks(honest),
]
