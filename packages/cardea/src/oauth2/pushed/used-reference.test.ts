import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ada, asked, byReference, pushed, startPushing } from '../../../test-support/pushing.ts'
import { StorageUnavailable } from '../../core/spec/storage-error.ts'
import { memoryStore } from '../../stores/memory/index.ts'
import { authorize } from '../../testing/code-flow.ts'
import type { TestServer, TestServerOptions } from '../../testing/test-server.ts'

/** A browser whose user has allowed what is asked for, so that nobody is asked again. */
async function start(options: TestServerOptions = {}) {
  const server = await startPushing(options)
  const browser = server.agent()
  await authorize(server, ada, { client_id: 'shop', request_uri: await pushed(server) }, { browser })
  const open = async (reference: string): Promise<string> => {
    const answer = await browser.get(byReference(reference))
    const { searchParams } = new URL(answer.headers.get('location') ?? 'https://none.example')
    return searchParams.get('error') ?? (searchParams.has('code') ? 'code' : `page ${answer.status}`)
  }
  return { server, open }
}

const codesIn = ({ events }: TestServer): number => events.filter(({ type }) => type === 'code_issued').length

test('RFC 9126 §7.3: of several that open one reference at once one gets a code, and hooks are told of one decision', async () => {
  let told = 0
  const count = (): void => {
    told += 1
  }
  const { open, server } = await start({ hooks: { beforeCreateAuthorizationResponse: count } })
  const reference = await pushed(server)
  const before = codesIn(server)
  told = 0
  const answers = await Promise.all([1, 2, 3].map(() => open(reference)))
  assert.deepEqual([answers.filter((answer) => answer === 'code').length, codesIn(server) - before, told], [1, 1, 1])
})

test('RFC 9126 §7.3: a store that fails uses no reference up, and is not taken for a second use', async () => {
  const store = memoryStore()
  let broken = false
  const ledger: typeof store.ledger = {
    ...store.ledger,
    async commit(entry) {
      if (broken && entry.code !== undefined) throw new StorageUnavailable('down')
      return store.ledger.commit(entry)
    },
  }
  const { open, server } = await start({ store: { ...store, ledger } })
  const reference = await pushed(server, { state: asked.state ?? '' })
  broken = true
  assert.equal(await open(reference), 'page 503')
  broken = false
  assert.equal(await open(reference), 'code')
})
