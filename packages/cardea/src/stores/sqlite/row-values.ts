import type { GrantFacts } from '../../core/model/grant-facts.ts'

/** A noun while it is put together from a row: null columns become absent members. */
export type Draft<T> = { -readonly [Key in keyof T]: T[Key] }

/** What few rows have, as JSON. */
export const factsText = (facts: GrantFacts | undefined): string | null =>
  facts === undefined ? null : JSON.stringify(facts)

export const factsFrom = (text: string): GrantFacts => JSON.parse(text)

/** Scope sets are stored as they travel: separated by spaces, which RFC 6749 §3.3 keeps out of the names. */
export const scopeText = (scope: readonly string[]): string => scope.join(' ')

export const scopeList = (text: string): string[] => (text === '' ? [] : text.split(' '))
