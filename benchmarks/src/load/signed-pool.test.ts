import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SignedPool } from './signed-pool.ts'

test('signed pool: nothing is handed out twice, whether made before or on the spot', () => {
  let made = 0
  const pool = new SignedPool(() => String(made++))
  const taken = [pool.take(), pool.take()]
  pool.fill()
  const before = made
  while (made === before) taken.push(pool.take())
  assert.ok(taken.length > 400)
  assert.equal(new Set(taken).size, taken.length)
})

test('signed pool: after the first filling as many are made as are used, and a quarter more', () => {
  let made = 0
  const pool = new SignedPool(() => String(made++))
  pool.fill()
  for (let use = 0; use < 100; use++) pool.take()
  const before = made
  pool.fill()
  assert.equal(made - before, 125)
})

test('signed pool: what was left over from the last filling is not used', () => {
  let made = 0
  const pool = new SignedPool(() => String(made++))
  pool.fill()
  pool.take()
  const before = made
  pool.fill()
  assert.ok(Number(pool.take()) >= before)
})
