import assert from 'node:assert/strict'
import { CompactEncrypt, compactDecrypt, decodeProtectedHeader, importJWK, type JWK } from 'jose'
import { contentEncryptions, decrypting, everySignature, keyEncryptions } from './algorithms.ts'
import { answered, Caller, challenge, type Form, redirectUri } from './caller.ts'
import { eachOf, listOf, outcomeOf, type Prover, type Proving } from './prover.ts'

const code = (caller: Caller): Form => ({ response_type: 'code', ...caller.mode(), ...challenge })

/** What comes of a request of the caller: `works`, or the error that the client is told. */
export async function requested(caller: Caller, params: Form = {}): Promise<string> {
  const { params: told } = await answered(await caller.authorize({ ...code(caller), ...params }))
  if (told.has('code') || told.has('access_token')) return 'works'
  return told.get('error') ?? 'nothing is told'
}

export const responseTypes: Prover = eachOf(
  ['code', 'token', 'id_token', 'none', 'code token', 'code id_token', 'bogus'],
  async (response_type, { caller, target, metadata }) => {
    const one = response_type === 'token' ? await publicPage({ caller, target, metadata }) : caller
    // The mode that is named for a code may be unfit for a token.
    const mode = response_type === 'code' ? {} : { response_mode: '' }
    return requested(one, { response_type, ...mode })
  },
)

const publicPage = ({ metadata, target }: Proving): Promise<Caller> =>
  Caller.register(target, metadata, { token_endpoint_auth_method: 'none', application_type: 'web' })

/** In which part an answer must come. */
const partOf: Readonly<Record<string, string>> = { jwt: 'query.jwt' }

export const responseModes: Prover = eachOf(
  ['query', 'fragment', 'form_post', 'query.jwt', 'fragment.jwt', 'form_post.jwt', 'jwt', 'web_message', 'bogus'],
  async (response_mode, { caller }) => {
    const { mode, params } = await answered(await caller.authorize({ ...code(caller), response_mode }))
    if (params.has('code')) return mode === (partOf[response_mode] ?? response_mode) ? 'works' : `came as ${mode}`
    return String(params.get('error'))
  },
)

export const challengeMethods: Prover = eachOf(['S256', 'plain', 'bogus'], async (code_challenge_method, { caller }) =>
  requested(caller, {
    code_challenge_method,
    ...(code_challenge_method !== 'S256' && { code_challenge: 'a'.repeat(43) }),
  }),
)

export const prompts: Prover = eachOf(
  ['none', 'login', 'consent', 'select_account', 'create', 'bogus'],
  async (prompt, { caller }) => {
    const agent = caller.target.agent()
    // Somebody is signed in and has allowed it, without which `none` would be another error.
    await caller.authorize(code(caller), agent)
    const { params } = await answered(await caller.authorize({ ...code(caller), prompt }, agent))
    return params.has('code') ? 'works' : String(params.get('error'))
  },
)

export const acrValues: Prover = async (value, { caller }) => {
  for (const acr_values of listOf(value)) assert.equal(await requested(caller, { acr_values }), 'works', acr_values)
  // OIDC Core §3.1.2.1: a server that names none takes it for a wish.
  const other = await requested(caller, { acr_values: 'urn:example:nobody' })
  assert.equal(other, value === undefined ? 'works' : 'unmet_authentication_requirements')
}

export const detailTypes: Prover = eachOf(['payment', 'bogus'], async (type, { caller, metadata }) => {
  const answer = await requested(caller, { authorization_details: JSON.stringify([{ type, amount: '12.50' }]) })
  // A server without any type does not know the parameter at all, and unknown ones are ignored (RFC 6749 §3.1).
  return metadata.authorization_details_types_supported === undefined ? 'ignored' : answer
})

/** RFC 9207 §2, §2.4: answers of both kinds, in every mode; in a signed one the issuer is a claim (JARM §2.1). */
export const issuerNamed: Prover = async (value, { caller, metadata, target }) => {
  assert.equal(value, metadata.authorization_endpoint === undefined ? undefined : true)
  for (const response_mode of listOf(metadata.response_modes_supported)) {
    for (const wrong of [{}, { prompt: 'none' }, { scope: 'bogus' }, { response_type: 'bogus' }]) {
      const answer = await caller.authorize({ ...code(caller), response_mode, ...wrong })
      const { mode, params } = await answered(answer)
      if (mode !== 'push') assert.equal(params.get('iss'), target.issuer, `${response_mode} ${JSON.stringify(wrong)}`)
    }
  }
}

/** A request by value, signed. */
async function signed(caller: Caller, alg: string, wrap = async (jwt: string) => jwt): Promise<string> {
  const { client_id } = caller.client
  const { issuer } = caller.target
  const params = { ...code(caller), client_id, redirect_uri: redirectUri, scope: 'read', state: 's1' }
  const claims = { ...params, iss: client_id, aud: issuer, nbf: caller.target.now() }
  const request = await wrap(await caller.sign(alg, claims, { typ: 'oauth-authz-req+jwt' }))
  const form = { client_id, request, redirect_uri: redirectUri }
  if (caller.metadata.require_pushed_authorization_requests === true) {
    const { redirect_uri: _, ...pushed } = form
    return outcomeOf(
      await caller.post(caller.endpoint('pushed_authorization_request'), { ...(await caller.assertion()), ...pushed }),
    )
  }
  const plain = new Caller(caller.target, { ...caller.metadata, require_signed_request_object: false }, caller.client)
  const { params: told } = await answered(await plain.authorize(form))
  return told.has('code') ? 'works' : String(told.get('error'))
}

export const objectAlgorithms: Prover = eachOf(everySignature, (alg, { caller }) => signed(caller, alg))

/** RFC 9126 §2.3 has no other code than this for the endpoint at which requests are pushed. */
const notSupported = (parameter: string, { metadata }: Proving): RegExp =>
  metadata.require_pushed_authorization_requests === true
    ? /^invalid_request/
    : new RegExp(`^${parameter}_not_supported$`)

export const objectsTaken: Prover = async (value, proving) => {
  assert.match(await signed(proving.caller, 'ES256'), value === true ? /^works$/ : notSupported('request', proving))
}

/** OIDC Discovery §3: left out, it would mean true. */
export const referencesTaken: Prover = async (value, proving) => {
  if (proving.metadata.authorization_endpoint === undefined) return
  const told = await requested(proving.caller, { request_uri: 'https://client.example/request.jwt' })
  // Nothing answers there, and it is not registered.
  assert.match(told, value === true ? /^invalid_request(_uri)?$/ : notSupported('request_uri', proving))
}

/** Registered or not, an address that is not registered is refused. */
export const referencesRegistered: Prover = async (value, { caller }) => {
  if (value !== true) return
  assert.match(await requested(caller, { request_uri: 'https://elsewhere.example/r' }), /^invalid_request/)
}

const isLeftOut = (told: string): boolean => /^invalid_request/.test(told)

/** A request as those make it that do not read the metadata. */
async function careless(caller: Caller, left: string): Promise<string> {
  const plain = new Caller(caller.target, { ...caller.metadata, [left]: false }, caller.client)
  return requested(plain)
}

export const pushRequired: Prover = async (value, { caller }) => {
  const told = await careless(caller, 'require_pushed_authorization_requests')
  assert.equal(value === true ? isLeftOut(told) : told === 'works', true, told)
}

export const signatureRequired: Prover = async (value, { caller }) => {
  const told = await careless(caller, 'require_signed_request_object')
  assert.equal(value === true ? isLeftOut(told) : told === 'works', true, told)
}

/** RFC 9101 §4: for a key that the server publishes. */
async function encryptedFor({ caller, metadata, target }: Proving, alg: string, enc: string): Promise<string> {
  const { keys } = (await (await target.send(String(metadata.jwks_uri))).json()) as { keys: (JWK & { use?: string })[] }
  const kty = alg.startsWith('RSA') ? 'RSA' : 'EC'
  const { use: _, alg: __, ...key } = keys.find((one) => one.use === 'enc' && one.kty === kty) ?? { kty: 'none' }
  if (key.kty === 'none' || alg === 'RSA1_5' || alg === 'dir' || enc === 'bogus') return 'cannot be tried'
  return signed(caller, 'ES256', async (jwt) =>
    new CompactEncrypt(Buffer.from(jwt))
      .setProtectedHeader({ alg, enc, cty: 'JWT', ...(key.kid !== undefined && { kid: key.kid }) })
      .encrypt(await importJWK(key as JWK, alg)),
  )
}

export const objectKeyEncryption: Prover = eachOf(keyEncryptions, (alg, proving) =>
  encryptedFor(proving, alg, 'A256GCM'),
)

export const objectContentEncryption: Prover = eachOf(contentEncryptions, async (enc, proving) => {
  const [alg = 'ECDH-ES'] = listOf(proving.metadata.request_object_encryption_alg_values_supported)
  return encryptedFor(proving, alg, enc)
})

/** JARM §4: the algorithm a client is registered for is the one that its answers have. */
async function answerHeader({ metadata, target }: Proving, registered: object) {
  const one = await Caller.register(target, metadata, registered)
  const { jwt, params } = await answered(await one.authorize({ ...code(one), response_mode: 'jwt' }))
  if (jwt === undefined) return { refused: String(params.get('error')) }
  return { jwt, header: decodeProtectedHeader(jwt) }
}

export const answerAlgorithms: Prover = eachOf(everySignature, async (alg, proving) => {
  const { header, refused } = await answerHeader(proving, { authorization_signed_response_alg: alg })
  return header?.alg === alg ? 'works' : `another, ${refused}`
})

async function encryptedAnswer(proving: Proving, alg: string, enc: string): Promise<string> {
  const { jwks, privateKey } = decrypting(proving.caller, alg)
  const { header, jwt, refused } = await answerHeader(proving, {
    jwks,
    authorization_signed_response_alg: 'ES256',
    authorization_encrypted_response_alg: alg,
    authorization_encrypted_response_enc: enc,
  })
  if (header?.alg !== alg || header?.enc !== enc) return `another, ${refused}`
  await compactDecrypt(jwt as string, privateKey)
  return 'works'
}

export const answerKeyEncryption: Prover = eachOf(keyEncryptions, (alg, proving) =>
  encryptedAnswer(proving, alg, 'A256GCM'),
)
export const answerContentEncryption: Prover = eachOf(contentEncryptions, (enc, proving) =>
  encryptedAnswer(proving, 'ECDH-ES', enc),
)
