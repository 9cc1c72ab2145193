import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { allow, hasCurl, linesOf, main, paste, type RunningDemo, startDemo } from '../../test-support/running-demo.ts'
import { freePort } from '../demo/free-port.ts'

interface TokenAnswer {
  id: number
  access_token: string
  expires_in: number
  token_type: string
  scope: string
  refresh_token: string
}

function assertSeedAnswer(text: string): TokenAnswer {
  const answer = JSON.parse(text.replace(/^code: /, '')) as TokenAnswer
  assert.deepEqual(Object.keys(answer), ['id', 'access_token', 'expires_in', 'token_type', 'scope', 'refresh_token'])
  assert.equal(typeof answer.id, 'number')
  assert.equal(answer.expires_in, 3600)
  assert.equal(answer.token_type, 'Bearer')
  assert.deepEqual(answer.scope.split(' ').sort(), ['bar', 'foo', 'qux'])
  return answer
}

describe('demo', { skip: hasCurl ? false : 'curl is not installed' }, () => {
  const cwd = mkdtempSync(join(tmpdir(), 'cardea-demo-'))
  let demo: RunningDemo
  let port: number
  let lines: Map<string, string>
  const line = (title: string): string => lines.get(title) ?? assert.fail(`no line ${title} in ${[...lines.keys()]}`)
  const ask = 'redeemed (asks for the code in the address you end at)'

  before(async () => {
    port = await freePort()
    demo = await startDemo(cwd, port)
    lines = linesOf(demo.greeting)
  })
  after(async () => {
    await demo.stop()
    rmSync(cwd, { recursive: true, force: true })
  })

  test('says where it listens and that it is a demonstration on loopback only', () => {
    assert.match(demo.greeting, new RegExp(`^Cardea listens at http://localhost:${port} \\(127\\.0\\.0\\.1:${port}`))
    assert.match(demo.greeting, /demonstration, on loopback only/)
    assert.doesNotMatch(demo.greeting, /0\.0\.0\.0|\[::\]/)
  })

  test('keeps database and secrets for its owner only', () => {
    for (const name of ['demo.sqlite', 'demo-secrets.json']) {
      assert.equal(statSync(join(cwd, '.cardea', name)).mode & 0o777, 0o600, name)
    }
  })

  for (const title of ['Password', 'Client credentials, by Basic', 'Client credentials, in the body', 'Refresh']) {
    test(`printed line works when pasted: ${title}`, async () => {
      assertSeedAnswer(await paste(line(title)))
    })
  }

  test('printed line works when pasted: Authorization code', async () => {
    const end = await allow(line('Authorization code, in the browser'), demo.issuer)
    assert.equal(end.origin + end.pathname, 'https://www.example.com/')
    assert.equal(end.searchParams.get('state'), 'somestate')
    const code = end.searchParams.get('code') ?? ''
    assertSeedAnswer(await paste(line(`Authorization code, ${ask}`), `${code}\n`))
  })

  test('printed line works when pasted: Implicit', async () => {
    const end = await allow(line('Implicit'), demo.issuer)
    assert.equal(end.search, '')
    const fragment = new URLSearchParams(end.hash.slice(1))
    assert.match(fragment.get('access_token') ?? '', /^cat_/)
    assert.equal(fragment.get('state'), 'somestate')
  })

  test('printed line works when pasted: PKCE, and the page at its end shows a line that works', async () => {
    const title = 'Authorization code with PKCE'
    const end = await allow(line(`${title}, public client (the page you end at shows how to go on)`), demo.issuer)
    const page = await (await fetch(end)).text()
    const shown = /<pre><code>(curl .*?)<\/code>/.exec(page)?.[1]?.replaceAll('&quot;', '"') ?? ''
    const answer = JSON.parse(await paste(shown)) as TokenAnswer
    assert.equal(answer.scope, 'foo')
    const again = await allow(line(`${title}, public client (the page you end at shows how to go on)`), demo.issuer)
    const redeemed = await paste(line(`${title}, redeemed (asks for the code)`), `${again.searchParams.get('code')}\n`)
    assert.match(redeemed, /"access_token":"cat_/)
  })

  test('RFC 8628: the printed line for a device shows its code, and asks for the tokens after Enter', async () => {
    const title = `Device (shows a code: allow it at ${demo.issuer}/device, then press Enter)`
    const [shown = '', answer = ''] = (await paste(line(title), '\n')).trim().split('\n')
    assert.match((JSON.parse(shown) as { user_code: string }).user_code, /^[A-Z]{4}-[A-Z]{4}$/)
    assert.equal((JSON.parse(answer) as { error: string }).error, 'authorization_pending')
  })

  test('printed lines work when pasted: introspection, revocation, resource, metadata', async () => {
    assert.equal((JSON.parse(await paste(line('Introspection'))) as { active: boolean }).active, true)
    assert.match(await paste(line('Revocation')), /^HTTP\/1\.1 200 /)
    assert.match(await paste(line('Protected resource')), /"message":"You are in"/)
    assert.equal((JSON.parse(await paste(line('Metadata'))) as { issuer: string }).issuer, demo.issuer)
  })

  test('the resource needs a token with scope foo', async () => {
    const without = await fetch(`${demo.issuer}/demo/resource`)
    assert.equal(without.status, 401)
    assert.match(without.headers.get('www-authenticate') ?? '', /^Bearer realm=/)
    const body = `grant_type=client_credentials&scope=bar`
    const bar = await paste(`curl -s -u testclient:testpassword ${demo.issuer}/token -d '${body}'`)
    const headers = { authorization: `Bearer ${(JSON.parse(bar) as TokenAnswer).access_token}` }
    assert.equal((await fetch(`${demo.issuer}/demo/resource`, { headers })).status, 403)
  })

  test('the landing page shows every line', async () => {
    const response = await fetch(demo.issuer)
    const page = (await response.text()).replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&amp;', '&')
    for (const text of lines.values()) assert.ok(page.includes(text), text)
    const policy = response.headers.get('content-security-policy') ?? ''
    assert.match(policy, /^default-src 'none'; style-src 'sha256-\S+' 'sha256-\S+'; script-src 'self'; /)
    const script = await fetch(`${demo.issuer}/demo/copy.js`)
    assert.match(script.headers.get('content-type') ?? '', /^text\/javascript/)
  })

  test('the callback page never shows shell commands from the address', async () => {
    const hostile = encodeURIComponent("x'; touch /tmp/owned; '<script>")
    const page = await (await fetch(`${demo.issuer}/demo/callback?code=${hostile}`)).text()
    assert.doesNotMatch(page, /touch|<script/)
    const error = await (await fetch(`${demo.issuer}/demo/callback?error=${hostile}`)).text()
    assert.doesNotMatch(error, /<script/)
    const refused = await fetch(`${demo.issuer}/demo/callback?error=access_denied`)
    assert.match(refused.headers.get('content-security-policy') ?? '', /; script-src 'none'; /)
  })

  test('every command of the README of django-oauth2-server works as it is written there', async () => {
    const at = (text: string): string => text.replace(/localhost:80[08]0/, `localhost:${port}`)
    const url = at(
      'http://localhost:8000/web/authorize/?response_type=code&client_id=testclient&redirect_uri=https://www.example.com&state=somestate',
    )
    const code = (await allow(url, demo.issuer)).searchParams.get('code')
    const curl = (rest: string): Promise<string> => paste(at(`curl ${rest}`))
    assertSeedAnswer(
      await curl(
        `-u testclient:testpassword localhost:8080/api/v1/tokens/ -d 'grant_type=authorization_code&code=${code}'`,
      ),
    )
    const implicit = await allow(url.replace('response_type=code', 'response_type=token'), demo.issuer)
    assert.match(implicit.hash, /access_token=cat_/)
    const byPassword =
      "-u testclient:testpassword localhost:8080/api/v1/tokens/ -d 'grant_type=password&username=john@doe.com&password=testpassword'"
    const { refresh_token } = assertSeedAnswer(await curl(byPassword))
    assertSeedAnswer(
      await curl("-u testclient:testpassword localhost:8080/api/v1/tokens/ -d 'grant_type=client_credentials'"),
    )
    assertSeedAnswer(
      await curl(
        "localhost:8000/api/v1/tokens/ -d 'grant_type=client_credentials&client_id=testclient&client_secret=testpassword'",
      ),
    )
    assertSeedAnswer(
      await curl(
        `-u testclient:testpassword localhost:8080/api/v1/tokens/ -d 'grant_type=refresh_token&refresh_token=${refresh_token}'`,
      ),
    )
    assertSeedAnswer(await curl(byPassword.replace('tokens/', 'tokens')))
  })

  test('a second demonstration on the same port is one clear line, and resets nothing', async () => {
    await assert.rejects(
      startDemo(cwd, port, '--reset'),
      /error: Port \d+ on 127\.0\.0\.1 is in use; stop what uses it/,
    )
    assert.ok(existsSync(join(cwd, '.cardea', 'demo.sqlite')))
  })

  test('Ctrl-C drains and ends with 0; a second start keeps data and changes; --reset begins again', async () => {
    const { access_token } = assertSeedAnswer(await paste(line('Client credentials, by Basic')))
    assert.equal(await demo.stop(), 0)
    const database = join(cwd, '.cardea', 'demo.sqlite')
    const cardea = (command: string): Promise<string> =>
      paste(`"${process.execPath}" --conditions=cardea-source ${main} ${command} --database ${database}`)
    await cardea('scope delete qux')
    const secrets = readFileSync(join(cwd, '.cardea', 'demo-secrets.json'), 'utf8')

    demo = await startDemo(cwd, port)
    const resource = (): Promise<Response> =>
      fetch(`${demo.issuer}/demo/resource`, { headers: { authorization: `Bearer ${access_token}` } })
    assert.equal((await resource()).status, 200)
    assert.doesNotMatch(await cardea('scope list'), /qux/, 'what was deleted stays deleted')
    assert.equal(readFileSync(join(cwd, '.cardea', 'demo-secrets.json'), 'utf8'), secrets)
    assert.equal(await demo.stop(), 0)

    port = await freePort()
    demo = await startDemo(cwd, port)
    assert.match(await cardea('client show demo-public'), new RegExp(`http://localhost:${port}/demo/callback`))
    assert.equal(await demo.stop(), 0)

    demo = await startDemo(cwd, port, '--reset')
    assert.equal((await resource()).status, 401)
    assert.match(await cardea('scope list'), /qux/)
    assert.notEqual(readFileSync(join(cwd, '.cardea', 'demo-secrets.json'), 'utf8'), secrets)
  })
})
