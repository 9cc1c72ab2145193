import assert from 'node:assert/strict'
import type { Caller, Metadata } from './caller.ts'
import type { Target } from './target.ts'

/** What a member of the metadata is proved with. */
export interface Proving {
  readonly target: Target
  readonly metadata: Metadata
  /** May do everything, and proves itself by `private_key_jwt`. */
  readonly caller: Caller
}

/** Uses each value that a member has, or that it could have and has not. */
export type Prover = (value: unknown, proving: Proving) => Promise<void>

export const listOf = (value: unknown): readonly string[] => (value === undefined ? [] : ([value].flat() as string[]))

/** Tries every value that there could be: those in the list must work, and no other may. */
export const eachOf =
  (known: readonly string[], tryOne: (value: string, proving: Proving) => Promise<string>): Prover =>
  async (given, proving) => {
    const listed = listOf(given)
    for (const value of listed) assert.equal(await tryOne(value, proving), 'works', value)
    for (const value of known.filter((one) => !listed.includes(one)))
      assert.notEqual(await tryOne(value, proving), 'works', `${value} is not in the metadata`)
  }

export async function outcomeOf(answer: Response): Promise<string> {
  assert.ok(answer.status < 500, `no input fails the server, but this was ${answer.status}`)
  if (answer.status < 300) return 'works'
  return String(((await answer.json()) as { error?: unknown }).error)
}

export const machine = { grant_type: 'client_credentials' } as const
