import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CookieJar } from './cookie-jar.ts'

test('RFC 6265 §5.4: sends name and value of every cookie, newest value', () => {
  const jar = new CookieJar()
  jar.set('sid', 's1')
  jar.store(['theme=dark; Path=/', 'sid=s2; HttpOnly; SameSite=Lax'])
  assert.equal(jar.header('/authorize'), 'sid=s2; theme=dark')
})

test('RFC 6265 §5.1.4: sends a cookie to its path and below only', () => {
  const jar = new CookieJar()
  jar.store(['step=1; path=/interaction/a'])
  assert.equal(jar.header('/interaction/a'), 'step=1')
  assert.equal(jar.header('/interaction/a/login'), 'step=1')
  assert.equal(jar.header('/interaction/ab'), undefined)
  assert.equal(jar.header('/authorize'), undefined)
})

test('RFC 6265 §5.3: an empty value, Max-Age=0 or a past Expires deletes', () => {
  for (const deletion of ['a=', 'a=x; Max-Age=0', 'a=x; expires=Thu, 01 Jan 1970 00:00:00 GMT']) {
    const jar = new CookieJar()
    jar.set('a', '1')
    jar.store([deletion])
    assert.equal(jar.header('/'), undefined, deletion)
  }
})

test('RFC 6265 §5.3: Max-Age wins over Expires', () => {
  const jar = new CookieJar()
  jar.store(['a=1; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=60'])
  assert.equal(jar.header('/'), 'a=1')
})
