import { DatabaseSync } from 'node:sqlite'
import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads'
import { INSERT, SCHEMA } from './grouping-schema.ts'

// The thread that owns the database: all messages that are there make one commit.

const port = parentPort
if (!port) throw new Error('runs as a worker thread only')
const database = new DatabaseSync(workerData as string)
database.exec(SCHEMA)
const insert = database.prepare(INSERT)
const begin = database.prepare('BEGIN IMMEDIATE')
const commit = database.prepare('COMMIT')

port.on('message', (first: string[]) => {
  const groups = [first]
  for (let more = receiveMessageOnPort(port); more; more = receiveMessageOnPort(port)) groups.push(more.message)
  begin.run()
  for (const digests of groups) for (const digest of digests) insert.run(digest)
  commit.run()
  port.postMessage(groups.length)
})
