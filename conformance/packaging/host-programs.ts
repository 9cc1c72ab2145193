import assert from 'node:assert/strict'
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { test } from 'node:test'
import { authorizeAndRedeem } from '../../examples/browser-flow.ts'
import { freePort } from '../../examples/started-example.ts'
import type { Host } from './host.ts'
import { nodeVersions } from './node-versions.ts'
import { entriesOf, type Manifest } from './packed.ts'
import { importing, programs, requiring } from './programs.ts'

/** Programs of the documentation, as a stranger would run them, in every Node.js a host may have. */
export function hostPrograms(host: () => Host, manifest: () => Manifest): void {
  for (const { name, program } of nodeVersions) {
    if (program === undefined) {
      test(`package: programs on the ${name} Node.js`, { skip: 'npm has no such Node.js for this machine' })
      continue
    }
    const version = execFileSync(program, ['--version'], { encoding: 'utf8' }).trim()
    for (const { way, file, translate } of ways) {
      test(`package: the program of the README serves and protects by ${way} on Node.js ${version}`, async () => {
        const path = host().write(`notes-${name}.${file}`, translate(programs.server))
        await notesAreProtected(program, path)
      })
      test(`package: a protector of OAuth 1 works by ${way} on Node.js ${version}`, () => {
        const path = host().write(`photos-${name}.${file}`, translate(programs.oauth1))
        assert.equal(execFileSync(program, [path], { encoding: 'utf8', stdio: 'pipe' }), '')
      })
      test(`package: every entry loads by ${way} on Node.js ${version}`, () => {
        const lines = entriesOf(manifest()).map(
          (entry, index) => `import * as entry${index} from '${entry}'\nentry${index}`,
        )
        const path = host().write(`everything-${name}.${file}`, translate(lines.join('\n')))
        execFileSync(program, [...sqliteFlag(version), path], { stdio: 'pipe' })
      })
    }
  }
}

const ways = [
  { way: 'import', file: 'mjs', translate: importing },
  { way: 'require', file: 'cjs', translate: requiring },
] as const

/** Node.js 22.12 has SQLite behind a flag. */
const sqliteFlag = (version: string): string[] => (version.startsWith('v22.12.') ? ['--experimental-sqlite'] : [])

/** What Node.js 22.12 says of every `require` of an ES module, and later ones no more. */
const requireIsYoung = /ExperimentalWarning: CommonJS module .* is loading ES Module/

async function notesAreProtected(program: string, path: string): Promise<void> {
  const child = spawn(program, [path], {
    env: { ...process.env, PORT: String(await freePort()) },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const said: string[] = []
  child.stderr.setEncoding('utf8').on('data', (text: string) => said.push(text))
  const ended = once(child, 'close')
  try {
    const lines = createInterface({ input: child.stdout })
    const line = await Promise.race([once(lines, 'line'), ended.then(() => [said.join('')])])
    const [, port] = /^listening on (\d+)$/.exec(String(line[0])) ?? []
    assert.ok(port !== undefined, String(line[0]))
    const origin = `http://localhost:${port}`
    assert.equal((await fetch(origin)).status, 401)
    const { access_token } = await authorizeAndRedeem({
      origin,
      clientId: 'app',
      redirectUri: 'http://127.0.0.1/callback',
      scope: 'notes',
      username: 'ada',
      password: 'correct horse',
    })
    const notes = await fetch(origin, { headers: { authorization: `Bearer ${access_token}` } })
    assert.equal(await notes.text(), 'Notes of u1')
  } finally {
    child.kill()
    await ended
  }
  assert.deepEqual(
    said.filter((text) => !requireIsYoung.test(text)),
    [],
    'it warns of nothing else',
  )
}
