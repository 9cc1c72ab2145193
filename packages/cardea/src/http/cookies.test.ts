import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cookieName, cookieOf, setCookie } from './cookies.ts'
import type { HttpRequest } from './request.ts'

const requestWith = (cookie: string | undefined): HttpRequest => ({
  method: 'GET',
  target: '/',
  path: '/',
  query: '',
  header: (name) => (name === 'cookie' ? cookie : undefined),
  text: async () => '',
  secure: true,
  remoteAddress: undefined,
})

const cases: readonly (readonly [header: string | undefined, value: string | undefined])[] = [
  [undefined, undefined],
  ['', undefined],
  ['a=1', '1'],
  ['b=2; a=1; c=3', '1'],
  ['b=2;a=1;c=3', '1'],
  ['a = 1 ', '1'],
  ['a=1=2', '1=2'],
  ['a=', ''],
  ['a', undefined],
  ['aa=1; A=2', undefined],
  ['a=1; a=1', '1'],
  ['a=1; a=2', undefined],
  ['a=1; b=2; a=', undefined],
  ['=a=1', undefined],
]
for (const [header, value] of cases) {
  test(`RFC 6265 §5.4: ${JSON.stringify(header)} holds ${value === undefined ? 'no a' : `a=${value}`}`, () => {
    assert.equal(cookieOf(requestWith(header), 'a'), value)
  })
}

test('RFC 6265 §5.4: of two issuers on one host, each has cookies of its own', () => {
  const nameAt = (path: string) => cookieName('a', { issuer: `https://h${path}`, secureCookies: true })
  assert.deepEqual(['/b', '/b/c', '/d(e);f'].map(nameAt), ['__Host-a.b', '__Host-a.b.c', '__Host-a.d.e..f'])
})

test('RFC 6265 §4.1.2: a cookie is HttpOnly, Lax, for this host only, and Secure over https', () => {
  assert.equal(cookieName('a', { issuer: 'https://h', secureCookies: true }), '__Host-a')
  assert.equal(cookieName('a', { issuer: 'http://localhost', secureCookies: false }), 'a')
  assert.equal(setCookie('__Host-a', '1', { secure: true }), '__Host-a=1; Path=/; HttpOnly; SameSite=Lax; Secure')
  assert.equal(setCookie('a', '', { secure: false, maxAge: 0 }), 'a=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0')
})
