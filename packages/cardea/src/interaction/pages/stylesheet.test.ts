import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { answeredPage } from './answered.ts'
import { stylesheetHash } from './layout.ts'
import { stylesheet } from './stylesheet.ts'

type Theme = ReadonlyMap<string, string>

function colours(css: string): Theme {
  return new Map([...css.matchAll(/(--[a-z-]+): (#[0-9a-f]{6});/g)].map((match) => [match[1] ?? '', match[2] ?? '']))
}

function themes(): Readonly<Record<'light' | 'dark', Theme>> {
  const [light, dark, ...others] = [...stylesheet.matchAll(/:root \{([^}]*)\}/g)].map((match) => match[1] ?? '')
  assert.ok(light !== undefined && dark !== undefined && others.length === 0)
  return { light: colours(light), dark: colours(dark) }
}

/** Relative luminance as WCAG 2.2 defines it. */
function luminance(hex: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((start) => {
    const part = Number.parseInt(hex.slice(start, start + 2), 16) / 255
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

function contrast(theme: Theme, one: string, other: string): number {
  const [dark = 0, light = 0] = [one, other]
    .map((name) => luminance(theme.get(name) ?? assert.fail(`no colour ${name}`)))
    .sort((a, b) => a - b)
  return (light + 0.05) / (dark + 0.05)
}

const written = [
  ['--ink', '--ground'],
  ['--ink', '--panel'],
  ['--ink', '--inset'],
  ['--ink-soft', '--panel'],
  ['--accent', '--panel'],
  ['--accent', '--inset'],
  ['--accent-strong', '--panel'],
  ['--accent-strong', '--inset'],
  ['--on-accent', '--accent'],
  ['--on-accent', '--accent-strong'],
  ['--alarm', '--alarm-ground'],
] as const

const drawn = [
  ['--edge', '--panel'],
  ['--edge', '--inset'],
  ['--focus', '--panel'],
  ['--focus', '--inset'],
  ['--alarm', '--panel'],
  ['--alarm', '--inset'],
  ['--accent', '--ground'],
  ['--accent', '--panel'],
] as const

for (const theme of ['light', 'dark'] as const) {
  for (const [front, back] of written) {
    test(`WCAG 2.2 §1.4.3: ${theme} ${front} on ${back} is at least 4.5:1`, () => {
      assert.ok(contrast(themes()[theme], front, back) >= 4.5)
    })
  }
  for (const [front, back] of drawn) {
    test(`WCAG 2.2 §1.4.11: ${theme} ${front} on ${back} is at least 3:1`, () => {
      assert.ok(contrast(themes()[theme], front, back) >= 3)
    })
  }
}

test('contrast: black on white is 21:1', () => {
  const theme = new Map([
    ['black', '#000000'],
    ['white', '#ffffff'],
  ])
  assert.equal(Math.round(contrast(theme, 'black', 'white') * 100) / 100, 21)
})

test('stylesheet: both themes name the same colours and every used property exists', () => {
  const { light, dark } = themes()
  assert.deepEqual([...dark.keys()], [...light.keys()])
  const used = new Set([...stylesheet.matchAll(/var\((--[a-z-]+)\)/g)].map((match) => match[1] ?? ''))
  for (const name of used) assert.ok(name === '--shadow' || light.has(name), name)
})

test('stylesheet: colours of rules come from the palette only', () => {
  const rules = stylesheet.slice(stylesheet.lastIndexOf('--shadow'))
  assert.doesNotMatch(rules.slice(rules.indexOf('}')), /#[0-9a-f]{3,8}\b|rgb|hsl/)
})

test('stylesheet: nothing is loaded from elsewhere', () => {
  assert.doesNotMatch(stylesheet, /url\(|@import|@font-face/)
})

test('T-SES-2: the exported hash is the one of the inline style', () => {
  const [, style, ...more] = answeredPage({ title: 'Cardea' }).split(/<\/?style>/)
  assert.ok(style !== undefined && more.length === 1)
  assert.equal(stylesheetHash, `sha256-${createHash('sha256').update(style).digest('base64')}`)
})
