import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { networkOf } from './network.ts'

const settings = { seed: 7, numRuns: 300 }
const groups = fc.array(fc.integer({ min: 0, max: 0xffff }), { minLength: 8, maxLength: 8 })
const short = (list: readonly number[]): string => list.map((group) => group.toString(16)).join(':')
const long = (list: readonly number[]): string =>
  list.map((group) => group.toString(16).padStart(4, '0').toUpperCase()).join(':')

const cases: readonly (readonly [address: string | undefined, network: string])[] = [
  [undefined, 'unknown'],
  ['203.0.113.7', '203.0.113.7'],
  ['::ffff:203.0.113.7', '203.0.113.7'],
  ['::FFFF:cb00:7107', '203.0.113.7'],
  ['0:0:0:0:0:ffff:203.0.113.7', '203.0.113.7'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:DB8:1:2::', '2001:db8:1:2::/64'],
  ['2001:db8::1', '2001:db8:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['1:2::3:4:5:203.0.113.7', '1:2:0:3::/64'],
  ['not:an:address', 'not:an:address'],
]
for (const [address, network] of cases) {
  test(`networkOf: ${address} counts as ${network}`, () => {
    assert.equal(networkOf(address), network)
  })
}

test('networkOf: every spelling of an IPv6 address is one network', () => {
  fc.assert(
    fc.property(groups, fc.nat(6), fc.nat(2), (list, from, span) => {
      const zeroed = list.map((group, at) => (at >= from && at <= from + span ? 0 : group))
      const head = short(zeroed.slice(0, from))
      const compressed = `${head}::${short(zeroed.slice(from + span + 1))}`
      assert.equal(networkOf(long(zeroed)), networkOf(short(zeroed)))
      assert.equal(networkOf(compressed), networkOf(short(zeroed)))
      assert.equal(networkOf(`${short(zeroed)}%eth0`), networkOf(short(zeroed)))
    }),
    settings,
  )
})

test('networkOf: the first 64 bits make the network, the others do not', () => {
  fc.assert(
    fc.property(groups, groups, (one, other) => {
      fc.pre(one[0] !== 0)
      assert.equal(networkOf(short(one)), networkOf(short([...one.slice(0, 4), ...other.slice(4)])))
      const isSame = short(one.slice(0, 4)) === short(other.slice(0, 4))
      fc.pre(other[0] !== 0)
      assert.equal(networkOf(short(one)) === networkOf(short(other)), isSame)
    }),
    settings,
  )
})

test('networkOf: no text makes it throw', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.stringMatching(/^[0-9a-f:.[\]%]{0,40}$/)), (text) => {
      assert.equal(typeof networkOf(text), 'string')
    }),
    settings,
  )
})
