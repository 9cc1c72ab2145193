import assert from 'node:assert/strict'
import { test } from 'node:test'
import { jwkSet } from '../../core/crypto/jose/key-source.ts'
import { signJwt } from '../../core/crypto/jose/sign-jwt.ts'
import { generateSigningKey } from '../../core/crypto/jose/signing-key.ts'
import { verifyJwt } from '../../core/crypto/jose/verify-jwt.ts'
import { authorize, pkcePair } from '../../testing/code-flow.ts'
import { startTestServer } from '../../testing/test-server.ts'

const object = [
  'eyJhbGciOiJSUzI1NiIsImtpZCI6ImsyYmRjIn0',
  'ewogICAgImlzcyI6ICJzNkJoZFJrcXQzIiwKICAgICJhdWQiOiAiaHR0cHM6Ly9zZXJ2ZXIuZXhhbXBsZS5jb20iLAogICAgInJlc3BvbnNlX3R5cGUiOiAiY29kZSBpZF90b2tlbiIsCiAgICAiY2xpZW50X2lkIjogInM2QmhkUmtxdDMiLAogICAgInJlZGlyZWN0X3VyaSI6ICJodHRwczovL2NsaWVudC5leGFtcGxlLm9yZy9jYiIsCiAgICAic2NvcGUiOiAib3BlbmlkIiwKICAgICJzdGF0ZSI6ICJhZjBpZmpzbGRraiIsCiAgICAibm9uY2UiOiAibi0wUzZfV3pBMk1qIiwKICAgICJtYXhfYWdlIjogODY0MDAKfQ',
  'Nsxa_18VUElVaPjqW_ToI1yrEJ67BgKb5xsuZRVqzGkfKrOIX7BCx0biSxYGmjK9KJPctH1OC0iQJwXu5YVY-vnW0_PLJb1C2HG-ztVzcnKZC2gE4i0vgQcpkUOCpW3SEYXnyWnKzuKzqSb1wAZALo5f89B_p6QA6j6JwBSRvdVsDPdulW8lKxGTbH82czCaQ50rLAg3EYLYaCb4ik4I1zGXE4fvim9FIMs8OCMmzwIB5S-ujFfzwFjoyuPEV4hJnoVUmXR_W9typPf846lGwA8h9G9oNTIuX8Ft2jfpnZdFmLg3_wr3Wa5q3a-lfbgF3S9H_8nN3j1i7tLR_5Nz-g',
].join('.')

const jwk = {
  kty: 'RSA',
  kid: 'k2bdc',
  n: 'x5RbkAZkmpRxia65qRQ1wwSMSxQUnS7gcpVTV_cdHmfmG2ltd2yabEO9XadD8pJNZubINPpmgHh3J1aD9WRwS05ucmFq3CfFsluLt13_7oX5yDRSKX7poXmT_5ko8k4NJZPMAO8fPToDTH7kHYbONSE2FYa5GZ60CUsFhSonI-dcMDJ0Ary9lxIw5k2z4TAdARVWcS7sD07VhlMMshrwsPHBQgTatlkxyIHXbYdtak8fqvNAwr7OlVEvM_Ipf5OfmdB8Sd-wjzaBsyP4VhJKoi_qdgSzpC694XZeYPq45Sw-q51iFUlcOlTCI7z6jltUtnR6ySn6XDGFnzH5Fe5ypw',
  e: 'AQAB',
}

const claims = {
  iss: 's6BhdRkqt3',
  aud: 'https://server.example.com',
  response_type: 'code id_token',
  client_id: 's6BhdRkqt3',
  redirect_uri: 'https://client.example.org/cb',
  scope: 'openid',
  state: 'af0ifjsldkj',
  nonce: 'n-0S6_WzA2Mj',
  max_age: 86400,
}

test('RFC 9101 §4: the object of the example holds by the key of the example, and says what stands there', async () => {
  const policy = {
    keys: jwkSet({ keys: [jwk] }),
    algorithms: ['RS256'],
    typ: [undefined],
    issuer: 's6BhdRkqt3',
    audience: { text: ['https://server.example.com'] },
    required: ['client_id'],
    mayBeExpired: true,
    clock: { now: () => 1597967559 },
  } as const
  assert.deepEqual({ ...(await verifyJwt(object, policy)).claims }, claims)
  const other = await generateSigningKey('RS256')
  const keys = jwkSet({ keys: [{ ...other.publicJwk, kid: 'k2bdc' }] })
  await assert.rejects(verifyJwt(object, { ...policy, keys }), { problem: 'bad_signature' })
})

test('RFC 9101 §4, §5.1: the request of the example, for a code and with an end, is answered where it says', async () => {
  const ada = { id: 'u1', username: 'ada', password: 'correct horse' }
  const key = await generateSigningKey('RS256')
  const server = await startTestServer({
    issuer: 'https://server.example.com',
    requestObjects: true,
    scopes: [{ name: 'openid', description: 'Sign in', is_default: false }],
    users: [ada],
    clients: [
      {
        client_id: 's6BhdRkqt3',
        secret: 's',
        redirect_uris: ['https://client.example.org/cb'],
        jwks: { keys: [{ ...key.publicJwk, kid: 'k2bdc' }] },
      },
    ],
  })
  const challenge = { code_challenge: pkcePair.challenge, code_challenge_method: 'S256' }
  const asked = { ...claims, ...challenge, response_type: 'code', exp: server.clock.now() + 60 }
  const request = signJwt({ ...key, kid: 'k2bdc' }, { typ: 'JWT', claims: asked })
  const sent = await authorize(server, ada, { client_id: 's6BhdRkqt3', request })
  const { origin, pathname, searchParams } = sent
  assert.equal(origin + pathname, 'https://client.example.org/cb')
  assert.deepEqual([searchParams.get('state'), searchParams.has('code')], ['af0ifjsldkj', true])
})
