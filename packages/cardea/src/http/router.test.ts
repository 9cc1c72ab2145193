import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Route, routeFinder } from './router.ts'

const route = (name: string, paths: readonly string[]): Route => ({
  name,
  paths,
  methods: {},
  refuse: () => ({ status: 400, headers: {}, body: '' }),
})

const find = routeFinder([route('token', ['/token', '/api/v1/tokens']), route('visit', ['/visit/*'])])

const paths: readonly (readonly [path: string, name: string | undefined])[] = [
  ['/token', 'token'],
  ['/token/', 'token'],
  ['/api/v1/tokens/', 'token'],
  ['/token//', undefined],
  ['//token', undefined],
  ['/tokens', undefined],
  ['/Token', undefined],
  ['/token/x', undefined],
  ['/x/../token', undefined],
  ['/./token', undefined],
  ['/%74oken', undefined],
  ['/token%2f', undefined],
  ['/token;a=b', undefined],
  ['/token\0', undefined],
  ['http://host/token', undefined],
  ['*', undefined],
  ['', undefined],
  ['/', undefined],
  ['/visit/abc', 'visit'],
  ['/visit/', 'visit'],
  ['/visit', undefined],
  ['/visitor/abc', undefined],
  ['/__proto__', undefined],
]
for (const [path, name] of paths) {
  test(`RFC 3986 §6.2: ${JSON.stringify(path)} ${name === undefined ? 'reaches nothing' : `reaches ${name}`}`, () => {
    assert.equal(find(path)?.name, name)
  })
}
