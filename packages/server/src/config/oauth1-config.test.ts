import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { InProcessWorld } from '../../test-support/in-process-world.ts'
import { type OAuth1Config, oauth1OptionFrom } from './oauth1-schema.ts'
import { InvalidInput } from './problems.ts'
import { readConfig } from './read-config.ts'

async function configOf(file: object, env: Readonly<Record<string, string>> = {}): Promise<OAuth1Config> {
  const { cwd } = new InProcessWorld()
  writeFileSync(join(cwd, 'cardea.config.json'), JSON.stringify(file))
  return (await readConfig({ cwd, env })).config.oauth1
}

const always = { exchange: { repeatedly: true, revokes: false } }

const meanings: [string, object, Record<string, string>, unknown][] = [
  ['nothing is said', {}, {}, false],
  ['`oauth1: true`', { oauth1: true }, {}, always],
  ['`oauth1: false`', { oauth1: false }, {}, false],
  ['an empty section', { oauth1: {} }, {}, false],
  ['CARDEA_OAUTH1_ENABLED=true', {}, { CARDEA_OAUTH1_ENABLED: 'true' }, always],
  ['a section that sets something', { oauth1: { tokenLength: 30 } }, {}, { ...always, tokenLength: 30 }],
  ['a section that is off in the environment', { oauth1: { tokenLength: 30 } }, { CARDEA_OAUTH1_ENABLED: '0' }, false],
  ['true in the file and off in the environment', { oauth1: true }, { CARDEA_OAUTH1_ENABLED: 'false' }, false],
  [
    'everything in the environment',
    {},
    {
      CARDEA_OAUTH1_SIGNATURE_METHODS: 'HMAC-SHA256, RSA-SHA256',
      CARDEA_OAUTH1_TIMESTAMP_WINDOW_PAST: '60',
      CARDEA_OAUTH1_TOKEN_CREDENTIAL: '86400',
      CARDEA_OAUTH1_ORIGINS: 'https://api.example.com',
      CARDEA_OAUTH1_EXCHANGE_USE: 'once',
      CARDEA_OAUTH1_EXCHANGE_CREDENTIAL: 'revoke',
    },
    {
      signatureMethods: ['HMAC-SHA256', 'RSA-SHA256'],
      timestampWindow: { past: 60, future: 300 },
      tokenCredential: 86_400,
      origins: ['https://api.example.com'],
      exchange: { repeatedly: false, revokes: true },
    },
  ],
  ['an exchange that is off', { oauth1: { exchange: { use: 'off' } } }, {}, { exchange: false }],
]

for (const [what, file, env, expected] of meanings) {
  test(`configuration of OAuth 1: ${what} means ${JSON.stringify(expected)}`, async () => {
    assert.deepEqual(oauth1OptionFrom(await configOf(file, env)), expected)
  })
}

const mistakes: [object, Record<string, string>, RegExp][] = [
  [{ oauth1: 'yes' }, {}, /^oauth1: got "yes"/],
  [
    { oauth1: { signatureMethod: [] } },
    {},
    /^oauth1\.signatureMethod: is not a key; did you mean oauth1\.signatureMethods\?/,
  ],
  [
    { oauth1: { signatureMethods: ['HMAC-MD5'] } },
    {},
    /^oauth1\.signatureMethods\[0\]: got "HMAC-MD5"; must be a list of HMAC-SHA1/,
  ],
  [
    {},
    { CARDEA_OAUTH1_EXCHANGE_USE: 'twice' },
    /^oauth1\.exchange\.use \(from CARDEA_OAUTH1_EXCHANGE_USE\): got "twice"; must be off, once or repeatedly/,
  ],
  [
    {},
    { CARDEA_OAUTH1_PIN_LENGTH: '3' },
    /^oauth1\.pinLength \(from CARDEA_OAUTH1_PIN_LENGTH\): got 3; must be a whole number from 6 to 32/,
  ],
  [{}, { CARDEA_OAUTH1: 'true' }, /^CARDEA_OAUTH1: is not a variable of Cardea/],
]

for (const [file, env, pattern] of mistakes) {
  test(`configuration of OAuth 1: ${JSON.stringify({ ...file, ...env })} is refused`, async () => {
    await assert.rejects(configOf(file, env), (error) => error instanceof InvalidInput && pattern.test(error.message))
  })
}
