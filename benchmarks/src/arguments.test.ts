import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ArgumentError, readArguments } from './arguments.ts'

const vocabulary = { workloads: ['refresh', 'bearer'], extraWorkloads: ['grouping'], servers: ['floor', 'cardea'] }
const read = (...args: string[]) => readArguments(args, vocabulary)

test('arguments: without any, all workloads but the extra ones run on all servers', () => {
  assert.deepEqual(read(), {
    json: undefined,
    only: ['refresh', 'bearer'],
    servers: ['floor', 'cardea'],
    rounds: 5,
    seconds: 0.5,
    port: 24_000,
    help: false,
  })
})

test('arguments: --only and --servers take lists, and --only the extra workloads too', () => {
  assert.deepEqual(read('--only', 'grouping, bearer').only, ['bearer', 'grouping'])
  assert.deepEqual(read('--servers=cardea').servers, ['cardea'])
})

test('arguments: numbers, file and help are read', () => {
  const options = read('--rounds', '3', '--seconds', '0.5', '--json', 'out.json', '--port', '5000', '--help')
  assert.equal(options.rounds, 3)
  assert.equal(options.seconds, 0.5)
  assert.equal(options.json, 'out.json')
  assert.equal(options.port, 5000)
  assert.equal(options.help, true)
})

test('arguments: an unknown name is refused with the valid ones', () => {
  assert.throws(() => read('--only', 'refresh,speed'), {
    name: 'ArgumentError',
    message: "--only: no such name 'speed'; valid are refresh, bearer, grouping",
  })
})

test('arguments: a number out of range or none at all is refused', () => {
  for (const args of [
    ['--rounds', '0'],
    ['--rounds', '1.5'],
    ['--rounds', 'many'],
    ['--rounds='],
    ['--seconds', '0'],
    ['--seconds', 'NaN'],
    ['--port', '80'],
  ]) {
    assert.throws(() => read(...args), ArgumentError, args.join(' '))
  }
})

test('arguments: unknown options and stray words are refused', () => {
  assert.throws(() => read('--fast'), ArgumentError)
  assert.throws(() => read('refresh'), ArgumentError)
})
