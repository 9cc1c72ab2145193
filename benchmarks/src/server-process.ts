import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Connection } from './load/connection.ts'
import { residentMegabytes } from './process-usage.ts'
import type { Launch } from './servers/server.ts'
import { clientCredentialsRequest } from './workloads/client-credentials.ts'
import { readTokenAnswer } from './workloads/token-answer.ts'

const START_TIMEOUT_MS = 20_000
const STOP_TIMEOUT_MS = 3_000
const KEPT_COMPLAINT = 2_000

/** A server that has answered its first request. */
export interface ServerProcess {
  readonly pid: number
  /** From the start of the process to its first good answer, in milliseconds. */
  readonly startupMs: number
  /** Memory at that time, in MB. */
  readonly startupMegabytes: number
  stop(): Promise<void>
}

/** Where and under what a server is started. */
export interface Surroundings {
  /** Directory for what the server writes to stderr. */
  readonly directory: string
  /** Command to start it under, such as one that pins it to a processor. */
  readonly prefix: readonly string[]
  /** Kills the server. */
  readonly signal: AbortSignal
}

/**
 * Starts a server and waits until it gives a token, or any answer where that is all it can give.
 *
 * @throws Error with what the server wrote to stderr, when it ends or gives none within 20 seconds
 */
export async function startServer(launch: Launch, surroundings: Surroundings): Promise<ServerProcess> {
  const log = join(surroundings.directory, 'stderr.log')
  const begun = performance.now()
  const child = spawnServer(launch, surroundings, log)
  try {
    await firstAnswer(launch, child, begun)
  } catch (error) {
    await stop(child)
    const complaint = readFileSync(log, 'utf8').slice(-KEPT_COMPLAINT)
    throw new Error(`${error instanceof Error ? error.message : error}\n${complaint}`)
  }
  const startupMs = performance.now() - begun
  const pid = child.pid ?? 0
  return { pid, startupMs, startupMegabytes: residentMegabytes(pid), stop: () => stop(child) }
}

function spawnServer(launch: Launch, { prefix, signal }: Surroundings, log: string): ChildProcess {
  const [command = '', ...args] = [...prefix, process.execPath, ...launch.args]
  // A file and not a pipe: whoever reads a pipe takes processor time from the server that is measured.
  const stderr = openSync(log, 'w')
  const child = spawn(command, args, {
    stdio: ['ignore', 'ignore', stderr],
    env: { ...process.env, NODE_ENV: 'production', ...launch.environment },
    signal,
  })
  closeSync(stderr)
  child.on('error', () => undefined)
  return child
}

async function firstAnswer(launch: Launch, child: ChildProcess, begun: number): Promise<void> {
  const connection = new Connection(launch.target.port)
  const request = clientCredentialsRequest(launch.target)
  let last = new Error('no answer')
  while (performance.now() - begun < START_TIMEOUT_MS) {
    if (hasEnded(child)) throw new Error(`the server ended with ${child.exitCode ?? child.signalCode}`)
    try {
      const answer = await connection.sendText(request)
      if (launch.readyWith !== 'answer') readTokenAnswer(answer)
      return connection.close()
    } catch (error) {
      last = error instanceof Error ? error : new Error(String(error))
      await sleep(2)
    }
  }
  throw new Error(`no good answer in ${START_TIMEOUT_MS} ms: ${last.message}`)
}

const hasEnded = (child: ChildProcess) => child.exitCode !== null || child.signalCode !== null

async function stop(child: ChildProcess): Promise<void> {
  if (hasEnded(child) || child.pid === undefined) return
  const ended = once(child, 'exit')
  child.kill('SIGTERM')
  const killer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS)
  await ended
  clearTimeout(killer)
}
