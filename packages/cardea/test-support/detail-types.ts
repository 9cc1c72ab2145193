import type { AuthorizationDetail } from '../src/core/model/grant-facts.ts'
import type { AuthorizationDetailType } from '../src/core/ports/detail-types.ts'

export interface Payment extends AuthorizationDetail {
  readonly type: 'payment'
  readonly amount: number
  readonly to: string
}

export const payment: AuthorizationDetailType<Payment> = {
  validate: ({ type, amount, to }) =>
    type === 'payment' && typeof amount === 'number' && amount > 0 && typeof to === 'string'
      ? { type, amount, to }
      : undefined,
  describe: ({ amount, to }) => ({
    title: `Pay ${amount} EUR`,
    lines: [{ label: 'To', value: to }],
  }),
  narrow: (granted, less) => (less.to === granted.to && less.amount <= granted.amount ? less : undefined),
}

/** Without a rule for what is less. */
export const account: AuthorizationDetailType = {
  validate: (detail) => detail,
  describe: ({ type, ...members }) => ({
    title: 'Your accounts',
    lines: [{ label: type, value: JSON.stringify(members) }],
  }),
}

export const buy = { type: 'payment', amount: 30, to: 'Merchant A' }

/** As the parameter has them. */
export const detailsText = (...details: readonly object[]): string => JSON.stringify(details)
