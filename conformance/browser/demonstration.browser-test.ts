import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { freePort } from '../../packages/server/src/demo/free-port.ts'
import { type RunningDemo, startDemo } from '../../packages/server/test-support/running-demo.ts'
import { openChromium } from './chromium.ts'
import { violationsOn } from './violations.ts'

const open = openChromium()
const cwd = mkdtempSync(join(tmpdir(), 'cardea-demo-pages-'))
let demo: RunningDemo

before(async () => {
  demo = await startDemo(cwd, await freePort())
})
after(async () => {
  await demo.stop()
  rmSync(cwd, { recursive: true, force: true })
})

const paths = [
  '/',
  `/demo/callback?code=${'c'.repeat(60)}`,
  `/demo/oauth1-callback?oauth_verifier=${'v'.repeat(60)}`,
  '/demo/callback?error=access_denied',
  '/demo/callback',
]

for (const colorScheme of ['light', 'dark'] as const) {
  test(`accessibility: axe finds nothing on the pages of the demonstration, ${colorScheme}`, async (t) => {
    const page = await (await open(t, { colorScheme })).newPage()
    for (const path of paths) {
      await page.goto(demo.issuer + path)
      assert.deepEqual(await violationsOn(page), [], path)
    }
  })
}

test('WCAG 1.4.10: on a screen of 320 pixels no page of the demonstration needs scrolling sideways', async (t) => {
  const page = await (await open(t, { viewport: { width: 320, height: 568 } })).newPage()
  for (const path of paths) {
    await page.goto(demo.issuer + path)
    assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= 320, path)
  }
})

test('demonstration: every line has a button that copies exactly it', async (t) => {
  const context = await open(t, { permissions: ['clipboard-read', 'clipboard-write'] })
  const page = await context.newPage()
  await page.goto(demo.issuer)
  const lines = await page.locator('.line').all()
  assert.ok(lines.length > 10)
  for (const line of lines.slice(0, 3)) {
    await line.getByRole('button').click()
    await line.getByText('Copied').first().waitFor()
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), await line.locator('code').textContent())
  }
})

test('demonstration: without JavaScript one click selects a whole line', async (t) => {
  const page = await (await open(t, { javaScriptEnabled: false })).newPage()
  await page.goto(demo.issuer)
  const code = page.locator('.line code').first()
  assert.equal(await code.evaluate((element) => getComputedStyle(element).userSelect), 'all')
  assert.equal(await page.locator('.line button').count(), 0)
})
