import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { oauth1Visit } from '../../test-support/oauth1-visit.ts'
import { allow, hasCurl, linesOf, main, paste, type RunningDemo, startDemo } from '../../test-support/running-demo.ts'
import { freePort } from '../demo/free-port.ts'

const titles = {
  begin:
    'OAuth 1: Temporary credentials (prints them, and the address to open; oauth_callback=oob shows a code instead)',
  exchange: 'OAuth 1: Token credentials, in the same shell (asks for the verifier)',
  resource: 'OAuth 1: Protected resource, in the same shell',
  forward: 'OAuth 1: Exchanged for tokens of OAuth 2, in the same shell',
}

const formOf = (text: string): URLSearchParams => new URLSearchParams(text.replace(/^verifier: /, '').trim())

describe('demo of OAuth 1', { skip: hasCurl ? false : 'curl is not installed' }, () => {
  const cwd = mkdtempSync(join(tmpdir(), 'cardea-demo-oauth1-'))
  let demo: RunningDemo
  let line: (title: keyof typeof titles) => string

  before(async () => {
    demo = await startDemo(cwd, await freePort())
    const lines = linesOf(demo.greeting)
    line = (title) => lines.get(titles[title]) ?? assert.fail(`no line ${title} in ${[...lines.keys()]}`)
  })
  after(async () => {
    await demo.stop()
    rmSync(cwd, { recursive: true, force: true })
  })

  test('RFC 5849 §2: the printed lines, pasted one after the other, lead to a resource and to OAuth 2', async () => {
    const [temporary = '', address = ''] = (await paste(line('begin'))).trim().split('\n')
    assert.equal(formOf(temporary).get('oauth_callback_confirmed'), 'true')
    const end = await allow(address, demo.issuer)
    assert.equal(end.origin + end.pathname, `${demo.issuer}/demo/oauth1-callback`)
    // Each paste is a shell of its own, so what the one before kept is handed on.
    const keep = (answer: string): string => `oauth1='${answer}'; `
    const verifier = end.searchParams.get('oauth_verifier') ?? ''
    const page = await (await fetch(end)).text()
    assert.match(page, new RegExp(`oauth_verifier=${verifier}&quot;`))
    const exchanged = await paste(keep(temporary) + line('exchange'), `${verifier}\n`)
    const credential = formOf(exchanged)
    assert.notEqual(credential.get('oauth_token'), formOf(temporary).get('oauth_token'))
    const kept = keep(credential.toString())
    const resource = JSON.parse(await paste(kept + line('resource'))) as Record<string, unknown>
    assert.deepEqual(
      [resource.message, resource.client_id, resource.scope],
      ['You are in', 'testoauth1', 'foo bar qux'],
    )
    const answer = JSON.parse(await paste(kept + line('forward'))) as { access_token: string; refresh_token: string }
    assert.match(answer.access_token, /^cat_/)
    assert.match(answer.refresh_token, /^crt_/)
  })

  test('the line that the callback page shows works in the shell where it was begun', async () => {
    const [temporary = '', address = ''] = (await paste(line('begin'))).trim().split('\n')
    const page = await (await fetch(await allow(address, demo.issuer))).text()
    const shown = /<pre><code>(oauth1=.*?)<\/code>/s.exec(page)?.[1] ?? assert.fail(page)
    const text = shown.replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&amp;', '&')
    assert.match(await paste(`oauth1='${temporary}'; ${text}`), /^oauth_token=\w+&oauth_token_secret=\w+/)
  })

  test('the callback page shows nothing that could be pasted from a made-up address', async () => {
    const hostile = encodeURIComponent("x'; touch /tmp/owned; '<script>")
    for (const name of ['oauth_verifier', 'error']) {
      const page = await (await fetch(`${demo.issuer}/demo/oauth1-callback?${name}=${hostile}`)).text()
      assert.doesNotMatch(page, /<script|oauth1=\$/)
    }
  })

  test('says that curl cannot sign, and with what a client that can gets in', () => {
    assert.match(demo.greeting, /HMAC-SHA256 or HMAC-SHA512: consumer key testoauth1, consumer secret testsecret/)
  })

  test('the command line knows the client, sealed', async () => {
    const database = join(cwd, '.cardea', 'demo.sqlite')
    const show = `"${process.execPath}" --conditions=cardea-source ${main} client show testoauth1 --database ${database}`
    const text = await paste(show)
    assert.match(text, /oauth1\.has_secret +true/)
    assert.doesNotMatch(text, /testsecret/)
    const report = await paste(show.replace('client show testoauth1', 'oauth1 report'))
    assert.match(report, /testoauth1 +OAuth 1 client +secret +\d+ +20/)
  })

  test('PLAINTEXT needs no more than loopback, and a wrong secret is refused', async () => {
    const wrong = line('begin').replaceAll('testsecret', 'guess')
    assert.doesNotMatch(await paste(wrong), /oauth_token=\w/)
  })

  test('a client that signs by HMAC gets in as the note says', async () => {
    const consumer = { key: 'testoauth1', secret: 'testsecret' }
    const now = Math.floor(Date.now() / 1000)
    const visit = oauth1Visit(demo.issuer, demo.issuer, consumer, now)
    const credential = await visit.tokenFor('john@doe.com', 'testpassword')
    assert.equal((await visit.exchange(credential)).status, 200)
  })
})
