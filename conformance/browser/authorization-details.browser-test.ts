import assert from 'node:assert/strict'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { describedDetailType } from 'cardea'
import { openChromium } from './chromium.ts'
import { john, openScene, type SceneOptions } from './scene.ts'
import { allowButton, asksConsent, received, scopeBox, signIn } from './steps.ts'
import { violationsOn } from './violations.ts'

const open = openChromium()

const payment = describedDetailType('payment', {
  title: 'A payment from your account',
  fields: {
    amount: { label: 'Amount', type: 'text', required: true },
    to: { label: 'To', type: 'text', required: true },
    reference: { label: 'Reference', type: 'text' },
    urgent: { label: 'At once', type: 'boolean' },
  },
})
const account = describedDetailType('account', {
  title: 'Your accounts',
  fields: { actions: { label: 'It may see', type: 'texts', required: true } },
})
const options: SceneOptions = { authorizationDetails: { payment, account } }

const usual = [
  { type: 'payment', amount: '1,234.50 EUR', to: 'Merchant A', reference: 'Invoice 2026-0815', urgent: true },
  { type: 'account', actions: ['balances', 'transactions'] },
]
const unwieldy = [
  {
    type: 'payment',
    amount: '9'.repeat(200),
    to: 'Bäckerei مخبز パン屋 👩‍👩‍👧‍👦',
    reference: 'everything-'.repeat(18),
  },
]
const hostile = [{ type: 'payment', amount: '<img src=x onerror=alert(1)>', to: '"quoted" &amp;' }]

const folder = process.env.CARDEA_SCREENSHOTS

for (const colorScheme of ['light', 'dark'] as const) {
  for (const [screen, viewport] of [
    ['phone', { width: 320, height: 640 }],
    ['desktop', { width: 1280, height: 800 }],
  ] as const) {
    test(`RFC 9396 §11.1: what is asked for is readable and whole on a ${screen}, ${colorScheme}`, async (t) => {
      const scene = await openScene(t, options)
      const page = await (await open(t, { colorScheme, viewport })).newPage()
      for (const [name, details] of Object.entries({ usual, unwieldy, hostile })) {
        await page.goto(scene.authorizeUrl({ authorization_details: JSON.stringify(details) }))
        if (name === 'usual') await signIn(page, john)
        await asksConsent(page)
        await page.getByRole('heading', { name: 'A payment from your account' }).waitFor()
        assert.deepEqual(await violationsOn(page), [], name)
        assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= viewport.width, name)
        if (folder === undefined) continue
        mkdirSync(folder, { recursive: true })
        await page.screenshot({ path: join(folder, `details-${name}-${screen}-${colorScheme}.png`), fullPage: true })
      }
    })
  }
}

test('RFC 9396 §11.1: details are allowed by keyboard and without script, with none of the scope', async (t) => {
  const scene = await openScene(t, options)
  const page = await (await open(t, { javaScriptEnabled: false })).newPage()
  await page.goto(scene.authorizeUrl({ authorization_details: JSON.stringify(usual) }))
  await signIn(page, john)
  await asksConsent(page)
  await scopeBox(page, 'read').uncheck()
  await scopeBox(page, 'write').uncheck()
  await allowButton(page).focus()
  await page.keyboard.press('Enter')
  await received(page)
  assert.deepEqual(await scene.redeem(scene.app.last().get('code')), { status: 200, sub: john.id })
})
