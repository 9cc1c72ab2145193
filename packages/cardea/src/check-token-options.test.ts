import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startTestServer } from './testing/test-server.ts'

const mail = 'https://mail.example'
const resources = [
  { identifier: 'https://files.example/api', name: 'The files' },
  { identifier: mail, name: 'The mail' },
]

for (const [options, message] of [
  [{ resources: [{ identifier: 'x', name: 'X' }] }, /^resources\[0\]\.identifier: must be an absolute URI/],
  [{ resources: [{ identifier: `${mail}#x`, name: 'X' }] }, /^resources\[0\]\.identifier/],
  [{ resources: [{ identifier: mail, name: '' }] }, /^resources\[0\]\.name/],
  [{ resources: [{ identifier: mail, name: 'X', signing_alg: 'HS256' }] }, /^resources\[0\]\.signing_alg/],
  [{ resources: [{ identifier: mail, name: 'X', token_format: 'xml' }] }, /^resources\[0\]\.token_format/],
  [
    { resources: [{ identifier: mail, name: 'X', access_token_lifetime: 0 }] },
    /^resources\[0\]\.access_token_lifetime/,
  ],
  [{ resources: [...resources, { identifier: `${mail}/`, name: 'X' }] }, /^resources\[2\]\.identifier: is the same/],
  [{ defaultResource: 'mail' }, /^defaultResource: must be an absolute URI/],
  [{ accessTokenFormat: 'paseto' }, /^accessTokenFormat: must be opaque or jwt/],
  [{ signingKeys: { algorithm: 'HS256' } }, /^signingKeys\.algorithm: must be one of ES256/],
  [{ signingKeys: { rotateEvery: 60 } }, /^signingKeys\.rotateEvery/],
  [{ signingKeys: { every: 60 } }, /^signingKeys: there is no "every"/],
] as const) {
  test(`RFC 8707 §2: refuses at once what cannot be meant: ${message.source}`, async () => {
    await assert.rejects(startTestServer(options as never), { name: 'TypeError', message })
  })
}
