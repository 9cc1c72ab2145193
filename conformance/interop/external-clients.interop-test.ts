import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { type ExternalClient, runExternalClient } from './external-client.ts'
import { awkward, startOAuth1 } from './oauth1-server.ts'

const folder = mkdtempSync(join(tmpdir(), 'cardea-interop-'))
after(() => rmSync(folder, { recursive: true }))

const programs = join(import.meta.dirname, 'programs')
const liboauth = join(folder, 'liboauth-client')
execFileSync('cc', ['-w', '-o', liboauth, join(programs, 'liboauth_client.c'), '-loauth'])

type Place = ExternalClient['place']

interface Kind {
  readonly name: string
  readonly command: ExternalClient['command']
  readonly methods: readonly string[]
  readonly places: readonly Place[]
}

// The distribution's interpreters: another one in PATH would not find its packages.
const kinds: readonly Kind[] = [
  {
    name: 'requests-oauthlib',
    command: ['/usr/bin/python3', join(programs, 'requests_oauthlib_client.py')],
    methods: ['HMAC-SHA1', 'HMAC-SHA256', 'HMAC-SHA512', 'RSA-SHA1', 'RSA-SHA256', 'RSA-SHA512', 'PLAINTEXT'],
    places: ['header', 'query', 'body'],
  },
  {
    name: 'Authlib',
    command: ['/usr/bin/python3', join(programs, 'authlib_client.py')],
    methods: ['HMAC-SHA1', 'RSA-SHA1', 'PLAINTEXT'],
    // In query and form, this client sends every parameter twice, which RFC 5849 §3.1 forbids and its own server allows.
    places: ['header'],
  },
  {
    name: 'Net::OAuth',
    command: ['/usr/bin/perl', join(programs, 'net-oauth.pl')],
    methods: ['HMAC-SHA1', 'HMAC-SHA256', 'RSA-SHA1', 'PLAINTEXT'],
    places: ['header', 'query', 'body'],
  },
  {
    name: 'ruby-oauth',
    command: ['/usr/bin/ruby', join(programs, 'ruby_oauth.rb')],
    methods: ['HMAC-SHA1', 'RSA-SHA1', 'PLAINTEXT'],
    places: ['header', 'query', 'body'],
  },
  {
    name: 'liboauth',
    command: [liboauth],
    methods: ['HMAC-SHA1', 'RSA-SHA1', 'PLAINTEXT'],
    places: ['header', 'query', 'body'],
  },
]

const sorted = (pairs: readonly (readonly [string, string])[]): string[] => pairs.map((pair) => pair.join('=')).sort()

for (const { name, command, methods, places } of kinds) {
  for (const method of methods) {
    for (const place of places) {
      test(`${name}: ${method} in the ${place}: three legs and signed requests`, async (t) => {
        const server = await startOAuth1(t)
        const results = await runExternalClient(server, { command, method, place })
        assert.equal(results.length, place === 'body' ? 1 : 2)
        for (const { clientId, userId, parameters } of results) {
          assert.deepEqual([clientId, userId], [server.registered.consumerKey, 'u-john'])
          assert.deepEqual(sorted(parameters), sorted(awkward.parameters))
        }
      })
    }
  }
}
