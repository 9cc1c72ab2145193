import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { InProcessWorld } from '../../test-support/in-process-world.ts'
import { InvalidInput } from './problems.ts'
import { proofOptionsFrom } from './proof-schema.ts'
import { readConfig } from './read-config.ts'

async function optionsOf(file: object, env: Readonly<Record<string, string>> = {}) {
  const { cwd } = new InProcessWorld()
  writeFileSync(join(cwd, 'cardea.config.json'), JSON.stringify(file))
  return proofOptionsFrom((await readConfig({ cwd, env })).config)
}

const off = { dpop: false, tellSignIn: false }

const meanings: [string, object, Record<string, string>, object][] = [
  ['nothing is said', {}, {}, off],
  ['`dpop: true`', { dpop: true }, {}, { ...off, dpop: {} }],
  ['a section that sets something', { dpop: { nonce: 'required' } }, {}, { ...off, dpop: { nonce: 'required' } }],
  ['variables', {}, { CARDEA_DPOP_MAX_AGE: '60' }, { ...off, dpop: { maxAge: 60 } }],
  ['classes of sign-ins', { acrValues: ['urn:example:pwd'] }, {}, { ...off, acrValues: ['urn:example:pwd'] }],
  ['a section that is off in the environment', { dpop: { required: true } }, { CARDEA_DPOP_ENABLED: 'false' }, off],
  [
    'the others',
    { certificateBoundTokens: true, tellSignIn: true },
    {},
    { dpop: false, certificateBoundTokens: true, tellSignIn: true },
  ],
]

for (const [what, file, env, expected] of meanings) {
  test(`configuration of proofs: ${what} means ${JSON.stringify(expected)}`, async () => {
    assert.deepEqual(await optionsOf(file, env), expected)
  })
}

for (const [what, file, message] of [
  ['an HMAC', { dpop: { algorithms: ['HS256'] } }, /dpop\.algorithms/],
  ['an age of a day', { dpop: { maxAge: 86_400 } }, /dpop\.maxAge: got 86400.*from 1 to 3600/],
  ['another word', { dpop: { nonce: 'maybe' } }, /dpop\.nonce/],
  ['a class with a blank', { acrValues: ['a b'] }, /acrValues/],
  ['no class', { acrValues: [] }, /acrValues/],
] as const) {
  test(`configuration of proofs: ${what} is refused`, async () => {
    await assert.rejects(optionsOf(file), (error) => {
      assert.ok(error instanceof InvalidInput)
      assert.match(error.message, message)
      return true
    })
  })
}
