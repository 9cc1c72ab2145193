import assert from 'node:assert/strict'
import { test } from 'node:test'
import { replacing } from './replacing.ts'

class Port {
  readonly #held: string

  constructor(held: string) {
    this.#held = held
  }

  find(): string {
    return this.#held
  }

  list(): readonly string[] {
    return [this.find()]
  }
}

test('A2-AS-02: a port of a class keeps its other verbs, and they work as before', () => {
  const replaced = replacing(new Port('kept'), { find: () => 'replaced' })
  assert.equal(replaced.find(), 'replaced')
  assert.deepEqual(replaced.list(), ['kept'])
  assert.deepEqual(replacing(replaced, {}).list(), ['kept'])
})
