import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testCertificate } from '../../../../test-support/test-certificate.ts'
import { readCertificate, subjectOf } from './certificate.ts'
import { isSameName, nameFrom } from './distinguished-name.ts'

const same: readonly (readonly [string, string])[] = [
  ['CN=a,O=b', 'cn=a, o=b'],
  ['CN=a,O=b', '2.5.4.3=a,OID.2.5.4.10=b'],
  ['CN=a,O=b', 'commonName=a;organizationName=b'],
  ['CN=a\\,b', 'CN=a\\2Cb'],
  ['OU=x+CN=y', 'CN=y+OU=x'],
  ['CN=Lu\\C4\\8Di\\C4\\87', 'CN=Lučić'],
  ['CN=\\ a\\ ', 'CN=  \\20a\\20  '],
  ['CN=a', 'CN=#0c0161'],
]
for (const [one, other] of same) {
  test(`RFC 4514 §3, RFC 8705 §2.1.2: ${one} is ${other}`, () => {
    const [a, b] = [nameFrom(one), nameFrom(other)]
    assert.ok(a !== undefined && b !== undefined && isSameName(a, b))
  })
}

const different: readonly (readonly [string, string])[] = [
  ['CN=a,O=b', 'O=b,CN=a'],
  ['CN=a,O=b', 'CN=a'],
  ['CN=a', 'CN=A'],
  ['CN=a,O=b', 'CN=a\\,O=b'],
  ['CN=a+O=b', 'CN=a,O=b'],
  ['CN=a', 'CN=a '.concat('\\ ')],
  ['CN=a', 'UID=a'],
  ['O=b+CN=a', 'O=b+CN=a+OU=c'],
]
for (const [one, other] of different) {
  test(`RFC 8705 §2.1.2, T-MTLS-1: ${one} is not ${other}`, () => {
    const [a, b] = [nameFrom(one), nameFrom(other)]
    assert.ok(a !== undefined && b !== undefined && !isSameName(a, b))
  })
}

for (const text of [
  '',
  'a',
  'CN',
  'CN=',
  'CN=a,',
  ',CN=a',
  'CN=a\\',
  'CN=\\zz',
  'CN=\\FF',
  'CN=#0c',
  'CN=#04024869',
  '=a',
  'C N=a',
  'CN=a++O=b',
  `CN=${'a'.repeat(5000)}`,
]) {
  test(`RFC 4514 §3: ${JSON.stringify(text.slice(0, 20))} is no distinguished name`, () => {
    assert.equal(nameFrom(text), undefined)
  })
}

const subjects: readonly (readonly [readonly Record<string, string>[], string])[] = [
  [[{ C: 'AT' }, { O: 'Acme' }, { CN: 'shop' }], 'CN=shop,O=Acme,C=AT'],
  [[{ O: 'Acme, "Inc" +x=1;<>\\' }, { CN: ' čau ' }], 'CN=\\ čau\\ ,O=Acme\\, \\"Inc\\" \\+x\\=1\\;\\<\\>\\\\'],
  [[{ DC: 'example' }, { OU: 'a', UID: 'b' }, { '1.2.3.4': '#q' }], '1.2.3.4=\\#q,UID=b+OU=a,DC=example'],
  [[{ CN: 'a\nO=b' }], 'CN=a\\0AO=b'],
  [[{ CN: 'a\\' }], 'CN=a\\\\'],
  [[{ CN: 'a\\ ' }], 'CN=a\\\\\\ '],
  [[{ emailAddress: 'a@b.example' }], 'E=a@b.example'],
]
for (const [subject, written] of subjects) {
  test(`RFC 4514 §2, RFC 8705 §2.1.2: the subject of a certificate reads ${written}`, () => {
    const shown = subjectOf(readCertificate(testCertificate({ subject }).der)?.x509 as never)
    const wanted = nameFrom(written)
    assert.ok(shown !== undefined && wanted !== undefined)
    assert.deepEqual(shown, wanted)
  })
}
