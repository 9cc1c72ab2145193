import assert from 'node:assert/strict'
import { test } from 'node:test'
import { externalHref, formTarget } from './url.ts'

const links: readonly (readonly [string, string | undefined])[] = [
  ['https://prints.example/privacy?a=1&b=2#c', 'https://prints.example/privacy?a=1&b=2#c'],
  ['http://prints.example', 'http://prints.example/'],
  ['HTTPS://PRINTS.example/', 'https://prints.example/'],
  ['javascript:alert(1)', undefined],
  ['JaVaScRiPt:alert(1)', undefined],
  [' \u0001javascript:alert(1)', undefined],
  ['java\nscript:alert(1)', undefined],
  ['data:text/html,<script>alert(1)</script>', undefined],
  ['vbscript:msgbox(1)', undefined],
  ['blob:https://prints.example/1', undefined],
  ['file:///etc/passwd', undefined],
  ['mailto:a@prints.example', undefined],
  ['//evil.example', undefined],
  ['/privacy', undefined],
  ['', undefined],
  ['https://bank.example@evil.example/', undefined],
  ['https://bank.example:x@evil.example/', undefined],
  ['https://', undefined],
]

for (const [address, href] of links) {
  test(`externalHref: ${JSON.stringify(address)} ${href === undefined ? 'is not linked' : 'is linked'}`, () => {
    assert.equal(externalHref(address), href)
  })
}

const targets: readonly (readonly [string, string])[] = [
  ['/interaction/1', '/interaction/1'],
  ['https://prints.example/cb?x=1', 'https://prints.example/cb?x=1'],
  ['com.example.app:/cb', 'com.example.app:/cb'],
  ['javascript:alert(1)', 'about:invalid'],
  ['\tjava\tscript:alert(1)', 'about:invalid'],
  ['DATA:text/html,x', 'about:invalid'],
  ['blob:https://prints.example/1', 'about:invalid'],
  ['vbscript:x', 'about:invalid'],
  ['filesystem:https://prints.example/temporary/x', 'about:invalid'],
]

for (const [address, target] of targets) {
  test(`formTarget: ${JSON.stringify(address)} becomes ${target}`, () => {
    assert.equal(formTarget(address), target)
  })
}
