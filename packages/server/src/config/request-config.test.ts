import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { InProcessWorld } from '../../test-support/in-process-world.ts'
import { InvalidInput } from './problems.ts'
import { readConfig } from './read-config.ts'
import { requestOptionsFrom } from './request-schema.ts'

async function optionsOf(file: object, env: Readonly<Record<string, string>> = {}) {
  const { cwd } = new InProcessWorld()
  writeFileSync(join(cwd, 'cardea.config.json'), JSON.stringify(file))
  return requestOptionsFrom((await readConfig({ cwd, env })).config)
}

const off = { pushedRequests: false, requestObjects: false, signedResponses: false, authorizationDetails: {} }

const meanings: [string, object, Record<string, string>, object][] = [
  ['nothing is said', {}, {}, off],
  ['`pushedRequests: true`', { pushedRequests: true }, {}, { ...off, pushedRequests: {} }],
  [
    'a section that sets something',
    { requestObjects: { strict: true } },
    {},
    { ...off, requestObjects: { strict: true } },
  ],
  ['a variable', {}, { CARDEA_SIGNED_RESPONSES_LIFETIME: '60' }, { ...off, signedResponses: { lifetime: 60 } }],
  [
    'a section that is off in the environment',
    { pushedRequests: { required: true } },
    { CARDEA_PUSHED_REQUESTS_ENABLED: 'false' },
    off,
  ],
]

for (const [what, file, env, expected] of meanings) {
  test(`configuration of requests: ${what} means ${JSON.stringify(expected)}`, async () => {
    assert.deepEqual(await optionsOf(file, env), expected)
  })
}

const payment = {
  title: 'A payment',
  fields: {
    sum: {
      label: 'Sum',
      type: 'object',
      required: true,
      fields: { amount: { label: 'Amount', type: 'decimal', required: true, mayBeLess: true } },
    },
  },
}

test('RFC 9396 §2: a type of details that the configuration describes takes what it says, and shows it', async () => {
  for (const given of [
    await optionsOf({ authorizationDetails: { payment } }),
    await optionsOf({}, { CARDEA_AUTHORIZATION_DETAILS: JSON.stringify({ payment }) }),
  ]) {
    const type = given.authorizationDetails?.payment
    assert.ok(type)
    const detail = { type: 'payment', sum: { amount: '12.50' } }
    const context = { client: {} as never }
    assert.deepEqual(await type.validate(detail, context), detail)
    assert.deepEqual(await type.describe(detail, context), {
      title: 'A payment',
      lines: [{ label: 'Amount', value: '12.50' }],
    })
    assert.equal(await type.validate({ type: 'payment', sum: { amount: 'all' } }, context), undefined)
  }
})

for (const [what, file, message] of [
  [
    'a lifetime of ten minutes',
    { pushedRequests: { lifetime: 600 } },
    /pushedRequests\.lifetime: got 600.*from 1 to 599/,
  ],
  ['an HMAC', { requestObjects: { algorithms: ['HS256'] } }, /requestObjects\.algorithms/],
  [
    'an unknown kind of field',
    { authorizationDetails: { a: { title: 'A', fields: { b: { label: 'B', type: 'date' } } } } },
    /authorizationDetails/,
  ],
  ['a type without a title', { authorizationDetails: { a: { fields: {} } } }, /authorizationDetails/],
] as const) {
  test(`configuration of requests: ${what} is refused`, async () => {
    await assert.rejects(optionsOf(file), (error) => {
      assert.ok(error instanceof InvalidInput)
      assert.match(error.message, message)
      return true
    })
  })
}
