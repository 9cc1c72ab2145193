import assert from 'node:assert/strict'
import { test } from 'node:test'
import { memoryStore } from '../../stores/memory/index.ts'
import { fakeClock } from '../../testing/fake-clock.ts'
import { keyringFrom } from '../crypto/keyring.ts'
import type { CardeaEvent } from '../ports/events.ts'
import { publishedBefore } from './key-times.ts'
import { serverKeys } from './server-keys.ts'

const jwt = { typ: 'test+jwt', claims: { iss: 'https://auth.example' } }
const crowd = Array.from({ length: 100 }, (_, number) => number)

function instances() {
  const { signingKeys, replay } = memoryStore()
  const clock = fakeClock()
  const events: CardeaEvent[] = []
  const emit = (event: CardeaEvent): undefined => {
    events.push(event)
  }
  const keysWith = (secret: string, rotateEvery?: number) => {
    const parts = { signingKeys, replay, clock, emit, keyring: keyringFrom([secret.padEnd(32, '.')]) }
    return serverKeys(parts, rotateEvery === undefined ? {} : { rotateEvery })
  }
  return { clock, events, keysWith }
}

test('T-KEY-1: the first key is no rotation, and one that is asked for is told with both keys', async () => {
  const { events, keysWith } = instances()
  const keys = keysWith('a')
  await keys.sign(jwt)
  assert.deepEqual(events, [])
  const [rotation] = await keys.rotate({ immediately: true })
  assert.ok(rotation?.rotated)
  const { kid, retired } = rotation
  const told = { type: 'key_rotated', use: 'sig', algorithm: 'ES256', kid, retired, reason: 'request' }
  assert.deepEqual(events, [told])
})

test('T-KEY-1: of 100 instances that find a key due, one tells of it', async () => {
  const { clock, events, keysWith } = instances()
  const all = crowd.map(() => keysWith('a', 3600))
  await Promise.all(all.map((keys) => keys.sign(jwt)))
  clock.advance(3600)
  await Promise.all(all.map((keys) => keys.sign(jwt)))
  assert.deepEqual(
    events.map((event) => event.type === 'key_rotated' && event.reason),
    ['schedule'],
  )
})

test('T-KEY-1: that a secret is gone is told, and an algorithm to encrypt with signs nothing', async () => {
  const { clock, events, keysWith } = instances()
  await keysWith('a').sign(jwt)
  clock.advance(publishedBefore)
  const keys = keysWith('b')
  await keys.sign(jwt)
  assert.deepEqual(
    events.map((event) => event.type === 'key_rotated' && event.reason),
    ['secret_gone'],
  )
  assert.deepEqual(await keys.rotate({ algorithm: 'ECDH-ES' }), [])
})
