import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Started } from './setup.ts'

export interface Serving {
  readonly command: readonly [program: string, ...args: string[]]
  /** The issuer, out of the line with which the program says that it listens. */
  addressIn(line: string): string | undefined
  stop(child: ChildProcess): void
}

/** Starts a host in a process of its own. Rejects with what the program says when it ends before it listens. */
export async function startProcess({ command: [program, ...args], addressIn, stop }: Serving): Promise<Started> {
  const child = spawn(program, args, { cwd: import.meta.dirname, stdio: ['pipe', 'pipe', 'pipe'] })
  const said: string[] = []
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
  child.stderr.setEncoding('utf8').on('data', (text: string) => said.push(text))
  const issuer = await new Promise<string>((resolve, reject) => {
    child.once('error', reject)
    createInterface({ input: child.stdout }).on('line', (line) => {
      const address = addressIn(line)
      if (address !== undefined) resolve(address)
    })
    void ended.then(() => reject(new Error(`${program} ended before it listened: ${said.join('')}`)))
  })
  return {
    issuer,
    origin: new URL(issuer).origin,
    now: () => Math.floor(Date.now() / 1000),
    events: undefined,
    stop() {
      stop(child)
      return ended
    },
  }
}
