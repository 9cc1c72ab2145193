import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import { basic } from 'cardea/testing'
import { compactDecrypt } from 'jose'
import { testCertificate } from '../../packages/cardea/test-support/test-certificate.ts'
import { contentEncryptions, decrypting, everySignature, keyEncryptions } from './algorithms.ts'
import { Caller, type Form, pairFor, sharedSecret } from './caller.ts'
import { eachOf, listOf, machine, outcomeOf, type Prover, type Proving } from './prover.ts'
import { asJson, authority } from './target.ts'

const issued = testCertificate({ subject: [{ O: 'Acme' }, { CN: 'shop' }], issuer: authority })
const selfSigned = testCertificate({ subject: [{ CN: 'any' }], privateKey: pairFor('ES256').privateKey })
const certificateOf: Readonly<Record<string, Buffer>> = {
  tls_client_auth: issued.der,
  self_signed_tls_client_auth: selfSigned.der,
}

/** An endpoint that takes POST only; where it is not named, nobody answers at the usual place. */
export const endpoint =
  (usual: string): Prover =>
  async (value, { target }) => {
    const url = String(value ?? target.issuer + usual)
    const { status } = await target.send(url, { method: 'DELETE' })
    assert.equal(status, value === undefined ? 404 : 405)
    if (value !== undefined) assert.equal(url.startsWith(`${target.issuer}/`), true)
  }

const knownMethods = [
  ...['client_secret_basic', 'client_secret_post', 'none', 'private_key_jwt', 'client_secret_jwt', 'tls_client_auth'],
  ...['self_signed_tls_client_auth', 'jwt_bearer_assertion', 'oauth1_signature', 'attest_jwt_client_auth', 'bogus'],
]

async function credentials(
  caller: Caller,
  method: string,
  alg?: string,
): Promise<{ form: Form; headers: Record<string, string> }> {
  const { client_id } = caller.client
  if (method === 'client_secret_basic') return { form: {}, headers: { authorization: basic(client_id, sharedSecret) } }
  if (method === 'client_secret_post') return { form: { client_id, client_secret: sharedSecret }, headers: {} }
  if (method === 'private_key_jwt') return { form: await caller.assertion(alg ?? 'ES256'), headers: {} }
  if (method === 'client_secret_jwt') return { form: await caller.assertion(alg ?? 'HS256'), headers: {} }
  return { form: { client_id }, headers: {} }
}

/** What a client may do at the endpoint that has proved itself by that method. */
async function used(
  name: string,
  method: string,
  { metadata, target, caller }: Proving,
  alg?: string,
): Promise<string> {
  const isSecret = method === 'client_secret_basic' || method === 'client_secret_post'
  const one = await Caller.register(target, metadata, {
    token_endpoint_auth_method: method,
    tls_client_auth_subject_dn: 'CN=shop,O=Acme',
    ...(isSecret && { secret: sharedSecret, client_secret_hash: await target.hash(sharedSecret) }),
  })
  const { form, headers } = await credentials(one, method, alg)
  const shown = certificateOf[method]
  const sent = { headers, ...(shown !== undefined && { certificate: shown }) }
  if (name !== 'token') return outcomeOf(await one.post(one.endpoint(name), { token: 'cat_none', ...form }, sent))
  // Whoever proves nothing gets nothing of its own.
  if (method === 'none') {
    const { error } = (await (
      await one.token({ grant_type: 'refresh_token', refresh_token: 'none' }, form, sent)
    ).json()) as {
      error: string
    }
    return error === 'invalid_grant' ? 'works' : error
  }
  assert.notEqual(caller.client.client_id, one.client.client_id)
  return outcomeOf(await one.token(machine, form, sent))
}

export const authMethods = (name: string): Prover =>
  eachOf(knownMethods, (method, proving) => used(name, method, proving))

export const authAlgorithms = (name: string): Prover =>
  eachOf(everySignature, (alg, proving) =>
    used(name, alg.startsWith('HS') ? 'client_secret_jwt' : 'private_key_jwt', proving, alg),
  )

/** RFC 7591: what is registered is what the metadata say, and nothing else. */
export const registration: Prover = async (value, proving) => {
  await endpoint('/register')(value, proving)
  if (value === undefined) return
  const { metadata, target } = proving
  const register = async (more: object) =>
    (await target.send(String(value), asJson({ redirect_uris: ['https://app.example/cb'], ...more }))).status
  const methods = listOf(metadata.token_endpoint_auth_methods_supported)
  for (const method of ['jwt_bearer_assertion', 'oauth1_signature', 'bogus'])
    assert.equal(await register({ token_endpoint_auth_method: method }), 400, method)
  for (const method of methods.filter((one) => one.startsWith('client_secret')))
    assert.equal(await register({ token_endpoint_auth_method: method }), 201, method)
}

/** RFC 8705 §5. */
export const aliases: Prover = async (value, { metadata, target }) => {
  for (const [name, url] of Object.entries((value ?? {}) as Record<string, string>)) {
    assert.equal(new URL(url).pathname, new URL(String(metadata[name])).pathname)
    assert.equal((await target.send(url, { method: 'DELETE' })).status, 405, name)
  }
}

/** RFC 8705 §3.3. */
export const certificateBound: Prover = async (value, { metadata, target }) => {
  if (value !== true) return
  const one = await Caller.register(target, metadata, { tls_client_certificate_bound_access_tokens: true })
  const answer = await one.post(
    one.endpoint('token'),
    { ...machine, ...(await one.assertion()) },
    { certificate: issued.der },
  )
  const { access_token: token = '' } = (await answer.json()) as { access_token?: string }
  const asked = await one.post(one.endpoint('introspection'), { token, ...(await one.assertion()) })
  const { cnf } = (await asked.json()) as { cnf?: Record<string, string> }
  const { fingerprint256 } = new X509Certificate(issued.der)
  const thumbprint = Buffer.from(fingerprint256.replaceAll(':', ''), 'hex').toString('base64url')
  assert.equal(cnf?.['x5t#S256'], thumbprint)
}

/** RFC 9449 §5.1. */
export const dpopAlgorithms: Prover = eachOf(everySignature, async (alg, { caller }) => {
  const url = caller.endpoint('token')
  const headers = await caller.proof(url, alg)
  const answer = await caller.post(url, { ...machine, ...(await caller.assertion()) }, { headers })
  const told = (await answer.json()) as { token_type?: string; error?: string }
  return told.token_type === 'DPoP' ? 'works' : String(told.error ?? told.token_type)
})

/** RFC 9701 §7. */
export const introspectionAlgorithms: Prover = eachOf(everySignature, async (alg, { metadata, target }) => {
  const one = await Caller.register(target, metadata, { introspection_signed_response_alg: alg })
  const form = { token: 'cat_none', ...(await one.assertion()) }
  const headers = { accept: 'application/token-introspection+jwt' }
  const answer = await one.post(one.endpoint('introspection'), form, { headers })
  if (answer.status !== 200) return outcomeOf(answer)
  const header = (await answer.text()).split('.')[0] ?? ''
  return (JSON.parse(Buffer.from(header, 'base64url').toString()) as { alg: string }).alg === alg ? 'works' : 'another'
})

async function encryptedIntrospection(
  { caller, metadata, target }: Proving,
  alg: string,
  enc: string,
): Promise<string> {
  const { jwks, privateKey } = decrypting(caller, alg)
  const one = await Caller.register(target, metadata, {
    jwks,
    introspection_signed_response_alg: 'ES256',
    introspection_encrypted_response_alg: alg,
    introspection_encrypted_response_enc: enc,
  })
  const headers = { accept: 'application/token-introspection+jwt' }
  const form = { token: 'cat_none', ...(await one.assertion()) }
  const answer = await one.post(one.endpoint('introspection'), form, { headers })
  if (answer.status !== 200) return outcomeOf(answer)
  const { protectedHeader } = await compactDecrypt(await answer.text(), privateKey)
  return protectedHeader.alg === alg && protectedHeader.enc === enc ? 'works' : 'another'
}

export const introspectionKeyEncryption: Prover = eachOf(keyEncryptions, (alg, proving) =>
  encryptedIntrospection(proving, alg, 'A256GCM'),
)
export const introspectionContentEncryption: Prover = eachOf(contentEncryptions, (enc, proving) =>
  encryptedIntrospection(proving, 'ECDH-ES', enc),
)
