import { createServer } from 'node:http'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { DatabaseSync } from 'node:sqlite'
import { Worker } from 'node:worker_threads'
import { ACTORS } from '../load/target.ts'
import { INSERT, SCHEMA } from './grouping-schema.ts'
import { BasicAuthentication, digestOf, mintToken, readForm, sendJson } from './http-floor.ts'
import { TurnCommits } from './turn-commits.ts'

// One durable row per token request, with the commits grouped in the way that is to be measured.

type Save = (digest: string, saved: () => void) => void

const [port = '', file = '', way = ''] = process.argv.slice(2)
const DELAY_RESOLUTION_MS = 1

function openDatabase() {
  const database = new DatabaseSync(file)
  database.exec(SCHEMA)
  return { database, insert: database.prepare(INSERT) }
}

function perRequest(): Save {
  const { insert } = openDatabase()
  return (digest, saved) => {
    insert.run(digest)
    saved()
  }
}

function perTurn(): Save {
  const { database, insert } = openDatabase()
  const commits = new TurnCommits(database)
  return (digest, saved) => {
    commits.begin()
    insert.run(digest)
    commits.afterCommit(saved)
  }
}

// Digests go over in one message per turn; the thread commits whatever has piled up while it flushed.
function onWorker(): Save {
  const worker = new Worker(new URL('./grouping-thread.js', import.meta.url), { workerData: file })
  worker.on('error', (error) => {
    throw error
  })
  const sent: (() => void)[][] = []
  let digests: string[] = []
  let waiting: (() => void)[] = []
  worker.on('message', (committed: number) => {
    for (const group of sent.splice(0, committed)) for (const saved of group) saved()
  })
  const send = () => {
    worker.postMessage(digests)
    sent.push(waiting)
    digests = []
    waiting = []
  }
  return (digest, saved) => {
    waiting.push(saved)
    if (digests.push(digest) === 1) setImmediate(send)
  }
}

const ways: Readonly<Record<string, () => Save>> = {
  none: () => (_digest, saved) => saved(),
  request: perRequest,
  turn: perTurn,
  worker: onWorker,
}

const save = ways[way]?.()
if (!save) throw new Error(`no such way to group commits: ${way}`)
const clients = new BasicAuthentication(ACTORS.client.id, ACTORS.client.secret)
const delay = monitorEventLoopDelay({ resolution: DELAY_RESOLUTION_MS })
delay.enable()

createServer((request, response) => {
  if (request.url === '/delay') {
    const overResolution = (nanoseconds: number) => Math.max(0, nanoseconds / 1e6 - DELAY_RESOLUTION_MS)
    sendJson(response, 200, { p50: overResolution(delay.percentile(50)), p99: overResolution(delay.percentile(99)) })
    return delay.reset()
  }
  readForm(request, (form) => {
    if (clients.clientOf(request) === undefined) return sendJson(response, 401, { error: 'invalid_client' })
    if (form.get('grant_type') !== 'client_credentials') return sendJson(response, 400, { error: 'invalid_request' })
    const access_token = mintToken()
    save(digestOf(access_token), () =>
      sendJson(response, 200, { access_token, token_type: 'Bearer', expires_in: 3600, scope: ACTORS.scope }),
    )
  })
}).listen(Number(port), '127.0.0.1')
