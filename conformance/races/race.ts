import assert from 'node:assert/strict'
import type { TestServer } from 'cardea/testing'

/** Many attempts at one thing that can be used up. */
export interface Race {
  /** One of them: `won`, or what it was told instead. */
  attempt(number: number): Promise<string>
  /** What losers may be told. */
  readonly losers: readonly string[]
  /** How many win. Default 1. */
  readonly winners?: number
  /** What must hold once all have been answered. */
  after?(): Promise<void>
}

/** A rule of single use: everybody at once, over the wire. */
export interface Contest {
  /** Section and rule. */
  readonly title: string
  /** Brings about what is fought for, through a server whose instances answer in turn. */
  prepare(server: TestServer): Promise<Race>
}

/** `won` for a success, else the status and the error. */
export async function toldBy(answer: Response): Promise<string> {
  if (answer.ok) return 'won'
  const text = await answer.clone().text()
  if (!answer.headers.get('content-type')?.startsWith('application/json')) return String(answer.status)
  return `${answer.status} ${(JSON.parse(text) as { error?: string }).error}`
}

/** Whether introspection calls it active. */
export async function isActive(server: TestServer, token: string): Promise<boolean> {
  const answer = await server.post('/introspect', { token }, { client: ['api', 'api secret'] })
  return ((await answer.json()) as { active: boolean }).active
}

/** How many rows there are of what tokens hang on. */
export async function counted({ store }: TestServer): Promise<{ authorizations: number; access: number }> {
  const [authorizations, access] = [
    await store.authorizations.list({}, { limit: 1000 }),
    await store.tokens.listAccess({}, { limit: 1000 }),
  ]
  return { authorizations: authorizations.length, access: access.length }
}

/** Runs it: exactly the winners win, losers are told what is right, and nobody wins afterwards. */
export async function runContest(contest: Contest, server: TestServer, attempts: number): Promise<void> {
  const race = await contest.prepare(server)
  const { losers, winners = 1 } = race
  const told = await Promise.all(Array.from({ length: attempts }, (_, number) => race.attempt(number)))
  const wrong = told.filter((words) => words !== 'won' && !losers.includes(words))
  assert.deepEqual([...new Set(wrong)], [], 'what losers were told')
  assert.equal(told.filter((words) => words === 'won').length, winners, 'winners')
  await race.after?.()
  const late = await race.attempt(attempts)
  assert.ok(losers.includes(late), `whoever comes late was told ${late}`)
}
