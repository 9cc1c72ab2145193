import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { DatabaseSync } from 'node:sqlite'
import { after, test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { digestOf } from '../../core/crypto/digest.ts'
import {
  accessNamed,
  clientNamed,
  interactionNamed,
  saveCode,
  saveFamily,
  start,
  userNamed,
} from '../../testing/store-contract/nouns.ts'
import { exchange, saveApproved } from '../../testing/store-contract/oauth1-nouns.ts'
import { answer, onlyWinner, redeem, rotate } from '../../testing/store-contract/races.ts'
import { sqliteStore } from './index.ts'

const directory = mkdtempSync(join(tmpdir(), 'cardea-shared-'))
after(() => rmSync(directory, { recursive: true, force: true }))

const here = (path: string): string => JSON.stringify(new URL(path, import.meta.url).href)

/** Runs a script as a process of its own, with `store` open on the file. */
function startProcess(file: string, script: string): ChildProcess {
  const source = `
    import { writeSync } from 'node:fs'
    const { sqliteStore } = await import(${here('./index.ts')})
    const { redeem } = await import(${here('../../testing/store-contract/races.ts')})
    const { exchange } = await import(${here('../../testing/store-contract/oauth1-nouns.ts')})
    const { accessNamed, start } = await import(${here('../../testing/store-contract/nouns.ts')})
    const store = await sqliteStore({ file: ${JSON.stringify(file)} })
    const say = (line) => writeSync(1, line + '\\n')
    ${script}
  `
  return spawn(process.execPath, ['--input-type=module', '--eval', source], { stdio: ['pipe', 'pipe', 'inherit'] })
}

const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index)

test('SQLite store: two instances on one file race for the same spends, and one wins each', async () => {
  const file = join(directory, 'two.db')
  const one = await sqliteStore({ file })
  const two = await sqliteStore({ file })
  await saveCode(one, 'code')
  await saveFamily(two, 'family')
  await one.interactions.save(interactionNamed('asked'))
  await saveApproved(two, 'request')
  for (const [attempt, what] of [
    [redeem, 'code'],
    [rotate, 'family'],
    [answer, 'asked'],
    [exchange, 'request'],
  ] as const) {
    onlyWinner(await Promise.all(numbers(100).map((number) => attempt(number % 2 ? one : two, what, number))))
  }
  const claim = (number: number) => (number % 2 ? one : two).replay.claim('nonce', start + 1, start)
  const claims = await Promise.all(numbers(100).map(claim))
  assert.equal(claims.filter((outcome) => outcome === 'first').length, 1)
  const save = (id: number) => (id % 2 ? one : two).users.save(userNamed(`user ${id}`, { username: 'same' }))
  const outcomes = await Promise.all(numbers(20).map(save))
  assert.equal(outcomes.filter((outcome) => outcome === 'saved').length, 1)
  await one.close()
  await two.close()
})

test('SQLite store: two processes on one file race for 300 codes, and each code buys once', async () => {
  const file = join(directory, 'processes.db')
  const store = await sqliteStore({ file })
  await Promise.all(numbers(300).map((number) => saveCode(store, `code ${number}`)))
  const other = startProcess(
    file,
    `say('ready')
     process.stdin.once('data', async () => {
       for (let number = 0; number < 300; number += 1) say(await redeem(store, 'code ' + number, 2))
       await store.close()
       process.exit()
     })`,
  )
  assert.ok(other.stdout && other.stdin)
  const lines = createInterface({ input: other.stdout })[Symbol.asyncIterator]()
  assert.equal((await lines.next()).value, 'ready')
  other.stdin.write('go\n')
  const mine: string[] = []
  for (const number of numbers(300)) mine.push(String(await redeem(store, `code ${number}`, 1)))
  const theirs: string[] = []
  for await (const line of { [Symbol.asyncIterator]: () => lines }) theirs.push(line)
  for (const number of numbers(300)) assert.deepEqual([mine[number], theirs[number]].sort(), ['done', 'spent'])
  assert.equal((await store.authorizations.list({}, { limit: 1000 })).length, 300)
  await store.close()
})

test('SQLite store: two processes on one file race for nonces and temporary credentials, and one wins each', async () => {
  const file = join(directory, 'signed.db')
  const store = await sqliteStore({ file })
  await Promise.all(numbers(150).map((number) => saveApproved(store, `request ${number}`)))
  const other = startProcess(
    file,
    `say('ready')
     process.stdin.once('data', async () => {
       for (let number = 0; number < 150; number += 1) {
         say(await exchange(store, 'request ' + number, 2) + ' ' + await store.replay.claim('nonce ' + number, start, start))
       }
       await store.close()
       process.exit()
     })`,
  )
  assert.ok(other.stdout && other.stdin)
  const lines = createInterface({ input: other.stdout })[Symbol.asyncIterator]()
  assert.equal((await lines.next()).value, 'ready')
  other.stdin.write('go\n')
  const mine: string[] = []
  for (const number of numbers(150)) {
    const exchanged = await exchange(store, `request ${number}`, 1)
    mine.push(`${exchanged} ${await store.replay.claim(`nonce ${number}`, start, start)}`)
  }
  const theirs: string[] = []
  for await (const line of { [Symbol.asyncIterator]: () => lines }) theirs.push(line)
  for (const number of numbers(150)) {
    const outcomes = `${mine[number]} ${theirs[number]}`.split(' ')
    assert.deepEqual(outcomes.sort(), ['done', 'first', 'seen', 'spent'])
  }
  assert.equal((await store.tokenCredentials.list({}, { limit: 1000 })).length, 150)
  await store.close()
})

test('SQLite store: what another instance changed about a client and the scopes is seen at once', async () => {
  const file = join(directory, 'seen.db')
  const one = await sqliteStore({ file })
  const two = await sqliteStore({ file })
  await one.clients.save(clientNamed('client'))
  await one.clients.find('client')
  await one.scopes.all()
  await two.clients.save(clientNamed('client', { client_name: 'Renamed' }))
  await two.scopes.save({ name: 'read', description: '', is_default: true })
  assert.equal((await one.clients.find('client'))?.client_name, 'Renamed')
  assert.equal((await one.scopes.all()).length, 1)
  await turn()
  const disabled = two.clients.save(clientNamed('client', { disabled: true }))
  const late = one.ledger.commit({ at: start, requireClient: 'client', accessToken: accessNamed('late') })
  // Even where this turn has looked already, before the other one wrote.
  const [peeked] = await Promise.all([one.clients.find('client'), disabled])
  assert.equal(peeked?.disabled, undefined)
  assert.equal(await late, 'revoked')
  await one.close()
  await two.close()
})

test('SQLite store: after a kill -9 amid writes everything acknowledged is there and the file is sound', async () => {
  for (const patience of [50, 400]) {
    const file = join(directory, `killed-${patience}.db`)
    const child = startProcess(
      file,
      `for (let lane = 0; lane < 16; lane += 1) (async () => {
         for (let number = 0; ; number += 1) {
           const name = lane + '/' + number
           await store.ledger.commit({ at: start, accessToken: accessNamed(name) })
           say(name)
         }
       })()`,
    )
    assert.ok(child.stdout)
    const acknowledged: string[] = []
    for await (const line of createInterface({ input: child.stdout })) {
      acknowledged.push(line)
      if (acknowledged.length === patience) child.kill('SIGKILL')
    }
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
    assert.equal(child.signalCode, 'SIGKILL')
    const store = await sqliteStore({ file })
    for (const name of acknowledged) assert.ok(await store.tokens.findAccess(digestOf(name)), `${name} was lost`)
    await store.close()
    const database = new DatabaseSync(file)
    assert.equal(database.prepare('PRAGMA integrity_check').get()?.integrity_check, 'ok')
    database.close()
  }
})
