import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { listen } from '../servers/listen.ts'

export interface LocalServer {
  readonly port: number
  stop(): Promise<void>
}

const tries = 200

/**
 * Starts an installed program that listens on a port of the loopback interface.
 * Undefined where the program is not installed; throws when it does not come to listen.
 */
export async function startLocally(
  program: string,
  argumentsFor: (port: number) => readonly string[],
): Promise<LocalServer | undefined> {
  const { port, close } = await listen(() => () => undefined)
  await close()
  const child = spawn(program, argumentsFor(port), { stdio: 'ignore' })
  try {
    await once(child, 'spawn')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
  const stop = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return
    child.kill()
    await once(child, 'exit')
  }
  if (await comesToListen(child, port)) return { port, stop }
  await stop()
  throw new Error(`${program} did not listen on port ${port}`)
}

async function comesToListen(child: ChildProcess, port: number): Promise<boolean> {
  for (let left = tries; left > 0 && child.exitCode === null; left -= 1) {
    if (await accepts(port)) return true
    await pause(25)
  }
  return false
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('error', () => resolve(false))
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
  })
}
