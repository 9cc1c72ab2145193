import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openChromium } from './chromium.ts'
import { visitEveryPage } from './every-page.ts'
import { openScene, type SceneOptions } from './scene.ts'
import { violationsOn } from './violations.ts'

const open = openChromium()

const limits = { accountFromNetwork: { attempts: 2, window: 900 } }

/** Names that people really have, and that break layouts. */
const unwieldy: SceneOptions = {
  limits,
  resources: [
    { identifier: `https://api.example/${'path-'.repeat(30)}`, name: `Department-of-${'very-long-names-'.repeat(8)}` },
  ],
  defaultResource: `https://api.example/${'path-'.repeat(30)}`,
  scopes: [
    {
      name: 'read',
      description: `Read ${'everything-'.repeat(20)}`,
      is_default: true,
    },
    { name: 'write', description: 'Ändern، تغيير، 変更 👩‍👩‍👧‍👦', is_default: false },
  ],
}

for (const colorScheme of ['light', 'dark'] as const) {
  test(`accessibility: axe finds nothing on any page, ${colorScheme}`, async (t) => {
    const scene = await openScene(t, { limits })
    const page = await (await open(t, { colorScheme })).newPage()
    const found: Record<string, string[]> = {}
    const looked: string[] = []
    await visitEveryPage(scene, page, async (name) => {
      looked.push(name)
      const violations = await violationsOn(page)
      if (violations.length > 0) found[name] = violations
    })
    assert.deepEqual(found, {})
    assert.equal(new Set(looked).size, 20)
  })
}

test('appearance: a dark ground where the person prefers it', async (t) => {
  const scene = await openScene(t)
  const lightness = async (colorScheme: 'light' | 'dark'): Promise<number> => {
    const page = await (await open(t, { colorScheme })).newPage()
    await page.goto(scene.authorizeUrl())
    const colour = await page.evaluate(() => getComputedStyle(document.body).backgroundColor)
    return Math.max(...(colour.match(/\d+/g) ?? []).map(Number))
  }
  assert.ok((await lightness('light')) > 200)
  assert.ok((await lightness('dark')) < 60)
})

test('WCAG 1.4.10: on a screen of 320 pixels nothing is cut off or needs scrolling sideways, unwieldy names included', async (t) => {
  const scene = await openScene(t, { ...unwieldy, title: `Identity-of-${'department-'.repeat(8)}` })
  const page = await (await open(t, { viewport: { width: 320, height: 568 } })).newPage()
  await visitEveryPage(scene, page, async (name) => {
    const outside = await page.evaluate(() =>
      [...document.querySelectorAll('body *:not(.unseen)')]
        .filter((element) => {
          const { left, right, width } = element.getBoundingClientRect()
          return width > 0 && (left < 0 || right > innerWidth)
        })
        .map((element) => element.outerHTML.slice(0, 120)),
    )
    assert.deepEqual(outside, [], name)
    assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= 320, `${name} scrolls sideways`)
  })
})

test('WCAG 2.5.8: on a phone, whatever can be pressed is at least 24 pixels high and wide', async (t) => {
  const scene = await openScene(t, { limits })
  const page = await (
    await open(t, { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true })
  ).newPage()
  await visitEveryPage(scene, page, async (name) => {
    const small = await page.evaluate(() =>
      [...document.querySelectorAll('a, button, input:not([type=hidden]):not([type=checkbox]), label.scope')]
        .filter((element) => {
          const { width, height } = element.getBoundingClientRect()
          return width < 24 || height < 24
        })
        .map((element) => element.outerHTML),
    )
    assert.deepEqual(small, [], name)
  })
})
