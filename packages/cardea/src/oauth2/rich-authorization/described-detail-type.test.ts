import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Client } from '../../core/model/client.ts'
import type { AuthorizationDetail } from '../../core/model/grant-facts.ts'
import { type DetailTypeDescription, describedDetailType } from './described-detail-type.ts'

const client = { client_id: 'shop' } as Client

const payment = describedDetailType('payment', {
  title: 'A payment from your account',
  fields: {
    instructedAmount: {
      label: 'Amount',
      type: 'object',
      required: true,
      fields: {
        amount: { label: 'Amount', type: 'decimal', required: true, mayBeLess: true },
        currency: { label: 'Currency', type: 'text', required: true, values: ['EUR', 'USD'] },
      },
    },
    creditorName: { label: 'To', type: 'text', required: true, maxLength: 20 },
    actions: { label: 'May', type: 'texts', values: ['initiate', 'status', 'cancel'] },
    urgent: { label: 'At once', type: 'boolean' },
    times: { label: 'Times', type: 'number', mayBeLess: true },
  },
})

const sound = {
  type: 'payment',
  instructedAmount: { amount: '123.50', currency: 'EUR' },
  creditorName: 'Merchant A',
  actions: ['initiate', 'status'],
  urgent: true,
  times: 3,
}

const amount = (text: unknown) => ({ ...sound, instructedAmount: { amount: text, currency: 'EUR' } })

test('RFC 9396 §2: a described type takes what its fields say, and shows it in their order', async () => {
  assert.deepEqual(await payment.validate(sound, { client }), sound)
  assert.deepEqual(await payment.describe(sound, { client }), {
    title: 'A payment from your account',
    lines: [
      { label: 'Amount', value: '123.50' },
      { label: 'Currency', value: 'EUR' },
      { label: 'To', value: 'Merchant A' },
      { label: 'May', value: 'initiate, status' },
      { label: 'At once', value: 'Yes' },
      { label: 'Times', value: '3' },
    ],
  })
})

for (const [what, detail] of [
  ['an unknown member', { ...sound, more: 1 }],
  ['a missing member', { ...sound, creditorName: undefined }],
  ['an empty text', { ...sound, creditorName: '' }],
  ['too long a text', { ...sound, creditorName: 'x'.repeat(21) }],
  ['a line break', { ...sound, creditorName: 'A\nB' }],
  ['a text that turns around', { ...sound, creditorName: 'A\u202EB' }],
  ['a value that is not listed', { ...sound, actions: ['steal'] }],
  ['an empty list', { ...sound, actions: [] }],
  ['a text for a list', { ...sound, actions: 'initiate' }],
  ['a number for a decimal', amount(123.5)],
  ['a negative decimal', amount('-1')],
  ['an exponent', amount('1e9')],
  ['leading zeros', amount('007')],
  ['a text for a boolean', { ...sound, urgent: 'true' }],
  ['a text for a number', { ...sound, times: '3' }],
  ['a list for an object', { ...sound, instructedAmount: [] }],
  ['an unknown member inside', { ...sound, instructedAmount: { amount: '1', currency: 'EUR', fee: '0' } }],
] as const) {
  test(`RFC 9396 §5: a described type refuses ${what}`, async () => {
    const given = JSON.parse(JSON.stringify(detail)) as AuthorizationDetail
    assert.equal(await payment.validate(given, { client }), undefined)
  })
}

for (const [what, detail, isLess] of [
  ['the same', sound, true],
  ['a smaller amount', amount('123.499999'), true],
  ['a smaller amount of more digits', amount('9.5'), true],
  ['the same amount in other digits', amount('123.500'), true],
  ['a larger amount', amount('123.500001'), false],
  ['an amount beyond floating point', amount('999999999999999.999999'), false],
  ['another currency', { ...sound, instructedAmount: { amount: '1', currency: 'USD' } }, false],
  ['fewer actions', { ...sound, actions: ['status'] }, true],
  ['another action', { ...sound, actions: ['cancel'] }, false],
  ['fewer times', { ...sound, times: 1 }, true],
  ['more times', { ...sound, times: 4 }, false],
  ['less than nothing', { ...sound, times: -1 }, false],
  ['no limit where there was one', { ...sound, times: undefined }, false],
] as const) {
  test(`RFC 9396 §6.1: ${what} is ${isLess ? '' : 'not '}within what was granted`, () => {
    const given = JSON.parse(JSON.stringify(detail)) as AuthorizationDetail
    assert.deepEqual(payment.narrow?.(sound, given), isLess ? given : undefined)
  })
}

const deep = (levels: number): DetailTypeDescription['fields'] =>
  levels === 0
    ? { end: { label: 'End', type: 'text' } }
    : { next: { label: 'Next', type: 'object', fields: deep(levels - 1) } }

for (const [what, description, message] of [
  ['no title', { title: '', fields: {} }, /needs a title/],
  ['no fields', { title: 'x' }, /needs fields/],
  ['a field called type', { title: 'x', fields: { type: { label: 'x', type: 'text' } } }, /type is always there/],
  ['a field without a label', { title: 'x', fields: { a: { type: 'text' } } }, /\.a: needs a label/],
  [
    'a field of an unknown type',
    { title: 'x', fields: { a: { label: 'x', type: 'date' } } },
    /\.a: type must be one of/,
  ],
  ['an object without fields', { title: 'x', fields: { a: { label: 'x', type: 'object' } } }, /\.a: an object/],
  ['a text with fields', { title: 'x', fields: { a: { label: 'x', type: 'text', fields: {} } } }, /\.a: an object/],
  ['objects without end', { title: 'x', fields: deep(4) }, /at most 4 objects/],
] as const) {
  test(`RFC 9396 §2: a description with ${what} is refused`, () => {
    const given = description as unknown as DetailTypeDescription
    assert.throws(() => describedDetailType('payment', given), message)
  })
}
