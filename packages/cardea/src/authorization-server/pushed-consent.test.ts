import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  ada,
  answerTo,
  app,
  consentHost,
  issuer,
  page,
  postTo,
  refusal,
  sentBack,
} from '../../test-support/consent-host.ts'
import { signJwt } from '../core/crypto/jose/sign-jwt.ts'
import { generateSigningKey } from '../core/crypto/jose/signing-key.ts'
import { pkcePair } from '../testing/code-flow.ts'

const asked = {
  client_id: 'app',
  response_type: 'code',
  redirect_uri: 'https://client.example/cb',
  scope: 'read',
  state: 'pushed state',
  code_challenge: pkcePair.challenge,
  code_challenge_method: 'S256',
}

type Server = Awaited<ReturnType<typeof consentHost>>['server']

async function pushedPage(server: Server): Promise<Request> {
  const answer = await server.createEndpointResponse('pushed-authorization-request', postTo('/par', asked))
  const { request_uri } = (await answer.json()) as { request_uri: string }
  return new Request(`${issuer}/authorize?${new URLSearchParams({ client_id: 'app', request_uri })}`)
}

test('RFC 9126 §4, A2-AS-10: a page of the host asks for what was pushed, before and after a sign-in, and again when it is loaded again', async () => {
  const { server } = await consentHost({ pushedRequests: true })
  const request = await pushedPage(server)
  assert.equal((await server.getConsentGrant(request, { endUser: undefined })).prompt, 'login')
  const { fields, request: shown } = await server.getConsentGrant(request, { endUser: ada })
  assert.deepEqual([shown.payload.state, shown.payload.scope], ['pushed state', 'read'])
  const reloaded = await server.getConsentGrant(request, { endUser: ada })
  const answer = answerTo(reloaded.fields)
  const grant = await server.getConsentGrant(answer, { endUser: ada })
  const sent = sentBack(await server.createAuthorizationResponse(answer, { grant, grantUser: ada }))
  assert.deepEqual([sent.host, sent.searchParams.get('state')], ['client.example', 'pushed state'])
  // The other copy of the page, and the reference itself, are worth nothing any more.
  const other = answerTo(fields)
  const second = await server.getConsentGrant(other, { endUser: ada })
  const late = await server.createAuthorizationResponse(other, { grant: second, grantUser: ada })
  assert.deepEqual([late.status, late.headers.get('location')], [410, null])
  assert.equal((await refusal(server.getConsentGrant(request, { endUser: ada }))).code, 'invalid_request_uri')
})

test('RFC 9126 §7.3, T-AUZ-15: of a hundred decisions through as many copies of the page one counts', async () => {
  const { server } = await consentHost({ pushedRequests: true })
  const request = await pushedPage(server)
  const decide = async (index: number) => {
    const { fields } = await server.getConsentGrant(request, { endUser: ada })
    const answer = answerTo(fields)
    const grant = await server.getConsentGrant(answer, { endUser: ada })
    return () => server.createAuthorizationResponse(answer, { grant, grantUser: index % 2 === 0 ? ada : null })
  }
  const decisions = await Promise.all(Array.from({ length: 100 }, (_, index) => decide(index)))
  const answers = await Promise.all(decisions.map((decision) => decision()))
  assert.equal(answers.filter(({ status }) => status === 303).length, 1)
})

test('RFC 9101 §6, RFC 9396 §3: a page of the host is told what was signed, and the details that it holds', async () => {
  const key = await generateSigningKey('ES256')
  const signer = { ...app, jwks: { keys: [key.publicJwk] } }
  const note = { validate: <Detail>(detail: Detail) => detail, describe: () => ({ title: 'A note' }) }
  const { server, clock } = await consentHost({ requestObjects: true, authorizationDetails: { note } }, [signer])
  const details = [{ type: 'note', text: 'hello' }]
  const claims = { iss: 'app', aud: issuer, exp: clock.now() + 60, ...asked, authorization_details: details }
  const request = signJwt(key, { typ: 'oauth-authz-req+jwt', claims })
  const url = `${issuer}/authorize?${new URLSearchParams({ client_id: 'app', request, state: 'unsigned' })}`
  const grant = await server.getConsentGrant(new Request(url), { endUser: ada })
  assert.deepEqual([grant.request.payload.state, grant.authorizationDetails], ['pushed state', details])
  assert.deepEqual((await server.getConsentGrant(page(), { endUser: ada })).authorizationDetails, [])
})
