import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { CardeaEvent } from 'cardea'
import { errorRecord, eventLog, serverLog } from './event-log.ts'

function logged(level: string, ...events: CardeaEvent[]): Record<string, unknown>[] {
  let text = ''
  const log = serverLog(level, {
    write: (line) => {
      text += line
    },
  })
  for (const event of events) eventLog(log)(event)
  const lines = text.split('\n').filter((line) => line !== '')
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>)
}

const issued: CardeaEvent = { type: 'token_issued', grantType: 'password', clientId: 'shop', scope: ['read'] }

test('log: a value with line ends and control characters stays one line', () => {
  const clientId = 'x\n{"level":"info","msg":"forged"}\u001b[2J'
  const lines = logged('info', { type: 'client_authentication_failed', clientId, reason: 'unknown_client' })
  assert.equal(lines.length, 1)
  assert.equal(lines[0]?.clientId, clientId)
})

test('log: a refusal keeps its error code and reason', () => {
  const [line] = logged('info', {
    type: 'request_refused',
    endpoint: 'token',
    code: 'invalid_grant',
    reason: 'code_spent',
  })
  assert.deepEqual(
    [line?.event, line?.error_code, line?.reason, line?.level],
    ['request_refused', 'invalid_grant', 'code_spent', 'info'],
  )
})

test('log: tokens issued are for debugging, reuse is a warning, failures are errors', () => {
  assert.equal(logged('info', issued).length, 0)
  assert.equal(logged('debug', issued)[0]?.level, 'debug')
  const revoked: CardeaEvent = {
    type: 'authorization_revoked',
    authorizationId: 'a',
    clientId: 'c',
    reason: 'code_replayed',
  }
  assert.equal(logged('warn', revoked)[0]?.level, 'warn')
  const error = Object.assign(new Error('boom'), { code: 'ENOSPC' })
  const [failed] = logged('error', { type: 'storage_unavailable', endpoint: 'token', error })
  assert.equal(failed?.level, 'error')
  assert.equal((failed.error as { errno: string }).errno, 'ENOSPC')
})

test('RFC 8628 §3.5: log: a device that waits fills no log; one that asks too often is seen', () => {
  const refused = (code: string): CardeaEvent => ({ type: 'request_refused', endpoint: 'token', code, reason: code })
  assert.equal(logged('info', refused('authorization_pending')).length, 0)
  assert.equal(logged('info', refused('slow_down')).length, 1)
  assert.equal(logged('debug', refused('authorization_pending')).length, 1)
})

test('log: a device code in an error of some other code is left out', () => {
  const code = `cdc_${'x'.repeat(49)}`
  const [line] = logged('error', { type: 'internal_error', endpoint: 'token', error: new Error(`no ${code}`) })
  assert.doesNotMatch(JSON.stringify(line), /cdc_x/)
})

test('log: a credential of OAuth 1 that an exchange ends is logged with its kind', () => {
  const revoked: CardeaEvent = { type: 'token_revoked', kind: 'oauth1', clientId: 'old-shop', authorizationId: 'a' }
  const [line] = logged('info', revoked)
  assert.deepEqual([line?.event, line?.kind, line?.clientId], ['token_revoked', 'oauth1', 'old-shop'])
})

test('log: an error that quotes a token is logged without it, causes included', () => {
  const token = `cat_${'x'.repeat(49)}`
  const error = new Error(`UNIQUE failed for ${token}`, { cause: new Error(`row ${token}`) })
  const record = JSON.stringify(errorRecord(error))
  assert.equal(record.includes(token), false)
  assert.match(record, /UNIQUE failed for cat_\[redacted\]/)
  assert.match(record, /row cat_\[redacted\]/)
})

test('log: an error that quotes a JWT is logged without it', () => {
  const jwt = `eyJ${'a'.repeat(30)}.eyJ${'b'.repeat(60)}.${'c'.repeat(86)}`
  const record = JSON.stringify(errorRecord(new Error(`refused ${jwt}: no`)))
  assert.doesNotMatch(record, /aaaa|bbbb|cccc/)
  assert.match(record, /refused \[redacted\]: no/)
})

test('log: fields named like secrets are redacted wherever they come from', () => {
  let text = ''
  serverLog('info', {
    write: (line) => {
      text += line
    },
  }).info({
    password: 'canary',
    nested: { client_secret: 'canary' },
  })
  assert.doesNotMatch(text, /canary/)
  assert.match(text, /"password":"\[redacted\]","nested":\{"client_secret":"\[redacted\]"\}/)
})

test('log: what is no error and a chain of causes without end are recorded', () => {
  assert.deepEqual(errorRecord('thrown text'), { name: 'string', message: 'thrown text' })
  const loop = new Error('loop')
  loop.cause = loop
  assert.match(JSON.stringify(errorRecord(loop)), /loop/)
})

test('R-DISK-1, log: a failing store is told of once, then counted, so that the log does not fill the disk', () => {
  let now = 0
  const lines: string[] = []
  const sink = eventLog(serverLog('info', { write: (line) => void lines.push(line) }), () => now)
  const failure: CardeaEvent = { type: 'storage_unavailable', endpoint: 'token', error: new Error('disk full') }
  for (let n = 0; n < 1000; n += 1) sink(failure)
  assert.equal(lines.length, 1)
  now = 10_000
  sink(failure)
  const last = JSON.parse(lines.at(-1) ?? '{}') as { suppressed?: number }
  assert.equal(last.suppressed, 999)
})
