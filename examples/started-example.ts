import { spawn } from 'node:child_process'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

export interface StartedExample {
  readonly origin: string
  /** Asks it to stop; returns the code it ends with. */
  stop(): Promise<number | null>
}

/** Starts a program of this folder as a process of its own on a free port, and waits until it says where it listens. */
export async function startExample(program: string, env: Record<string, string> = {}): Promise<StartedExample> {
  const file = fileURLToPath(new URL(program, import.meta.url))
  const child = spawn(process.execPath, ['--conditions=cardea-source', file], {
    env: { ...process.env, PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = once(child, 'exit')
  // Read to the end: a program whose output nobody takes stands still once the pipe is full.
  const lines = createInterface({ input: child.stdout })
  const origin = await new Promise<string>((resolve, reject) => {
    lines.on('line', (line) => {
      const [, address] = /^listening on (\S+)$/.exec(line) ?? []
      if (address !== undefined) resolve(address)
    })
    void ended.then(([code]) => reject(new Error(`${program} ended with ${code} before it listened`)))
  })
  return {
    origin,
    async stop() {
      child.kill('SIGTERM')
      const [code] = await ended
      return code
    },
  }
}

/** A port that nobody listens on at the moment. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

/** For programs that have to know their address before they listen. */
export const startOnFreePort = async (program: string): Promise<StartedExample> =>
  startExample(program, { PORT: String(await freePort()) })
