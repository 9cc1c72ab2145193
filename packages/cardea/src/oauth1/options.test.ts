import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { OAuth1FeatureOptions } from '../oauth1-feature.ts'
import { startOAuth1Server } from '../testing/oauth1-flow.ts'
import { defaultOAuth1Settings } from './settings.ts'
import { plaintext } from './signature-methods.ts'

const starts = (oauth1: object) => startOAuth1Server({ oauth1: oauth1 as OAuth1FeatureOptions })

test('A1-OAUTH1-20: what is on by default: HMAC and RSA with SHA-2, and HMAC-SHA1', () => {
  assert.deepEqual(defaultOAuth1Settings.signatureMethods, [
    'HMAC-SHA1',
    'HMAC-SHA256',
    'HMAC-SHA512',
    'RSA-SHA256',
    'RSA-SHA512',
  ])
})

test('R-CFG-1: an option that cannot be meant is refused by name, with what it got', async () => {
  const wrong: [object, RegExp][] = [
    [{ tokenLenght: 42 }, /oauth1\.tokenLenght: there is no such option/],
    [{ tokenLength: 21 }, /oauth1\.tokenLength: must be a whole number from 22, got 21/],
    [{ secretLength: 4.5 }, /oauth1\.secretLength/],
    [{ pinLength: 5 }, /oauth1\.pinLength/],
    [{ temporaryCredential: 0 }, /oauth1\.temporaryCredential/],
    [{ tokenCredential: -1 }, /oauth1\.tokenCredential/],
    [{ verifierAttempts: 0 }, /oauth1\.verifierAttempts/],
    [{ verifierAttempts: Number.POSITIVE_INFINITY }, /oauth1\.verifierAttempts.*got Infinity/],
    [{ timestampWindow: { past: 0 } }, /oauth1\.timestampWindow\.past/],
    [{ timestampWindow: { future: Number.POSITIVE_INFINITY } }, /oauth1\.timestampWindow\.future/],
    [{ timestampWindow: { future: Number.NaN } }, /oauth1\.timestampWindow\.future.*got NaN/],
    [{ timestampWindow: { ahead: 5 } }, /oauth1\.timestampWindow\.ahead/],
    [{ signatureMethods: 'HMAC-SHA1' }, /oauth1\.signatureMethods: must be a list/],
    [{ signatureMethods: ['HMAC-MD5'] }, /oauth1\.signatureMethods: there is no "HMAC-MD5"; valid are HMAC-SHA1/],
    [{ ownSignatureMethods: [plaintext] }, /PLAINTEXT is listed twice/],
    [{ origins: ['ftp://a.example'] }, /oauth1\.origins: "ftp:\/\/a\.example" is no http\(s\) origin/],
    [{ origins: ['https://a.example/?x=y'] }, /oauth1\.origins/],
    [{ allowInsecureTransport: 'false' }, /oauth1\.allowInsecureTransport: must be true or false, got "false"/],
    [{ exchange: 'once' }, /oauth1\.exchange/],
    [{ exchange: { repeatedly: 'no' } }, /oauth1\.exchange\.repeatedly/],
    [{ exchange: { once: true } }, /oauth1\.exchange\.once/],
    [{ verificationsPerMinute: 0 }, /oauth1\.verificationsPerMinute/],
    [{ shortTerm: {} }, /oauth1\.shortTerm/],
  ]
  for (const [options, message] of wrong) {
    await assert.rejects(() => starts(options), { name: 'TypeError', message }, JSON.stringify(options))
  }
})

test('R-CFG-1: neither is what is no set of options at all', async () => {
  for (const oauth1 of ['on', 1, null]) {
    await assert.rejects(() => startOAuth1Server({ oauth1: oauth1 as never }), /oauth1: must be/)
  }
})
