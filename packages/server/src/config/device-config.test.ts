import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { InProcessWorld } from '../../test-support/in-process-world.ts'
import { deviceGrantFrom } from './device-schema.ts'
import { InvalidInput } from './problems.ts'
import { readConfig } from './read-config.ts'

async function meaningOf(file: object, env: Readonly<Record<string, string>> = {}): Promise<unknown> {
  const { cwd } = new InProcessWorld()
  writeFileSync(join(cwd, 'cardea.config.json'), JSON.stringify(file))
  return deviceGrantFrom((await readConfig({ cwd, env })).config.deviceGrant)
}

const meanings: [string, object, Record<string, string>, unknown][] = [
  ['nothing is said', {}, {}, false],
  ['`deviceGrant: true`', { deviceGrant: true }, {}, {}],
  ['`deviceGrant: false`', { deviceGrant: false }, {}, false],
  ['CARDEA_DEVICE_GRANT_ENABLED=true', {}, { CARDEA_DEVICE_GRANT_ENABLED: 'true' }, {}],
  ['a section that sets something', { deviceGrant: { userCode: 'digits' } }, {}, { userCode: 'digits' }],
  [
    'a section that is off in the environment',
    { deviceGrant: { interval: 10 } },
    { CARDEA_DEVICE_GRANT_ENABLED: 'false' },
    false,
  ],
]

for (const [what, file, env, expected] of meanings) {
  test(`configuration of the device grant: ${what} means ${JSON.stringify(expected)}`, async () => {
    assert.deepEqual(await meaningOf(file, env), expected)
  })
}

test('configuration of the device grant: a code that lives longer than half an hour is refused (T-DEV-1)', async () => {
  await assert.rejects(meaningOf({ deviceGrant: { lifetime: 3600 } }), (error) => {
    assert.ok(error instanceof InvalidInput)
    assert.match(error.message, /deviceGrant\.lifetime: got 3600.*from 60 to 1800/)
    return true
  })
})
