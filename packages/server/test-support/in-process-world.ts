import { EventEmitter, once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { sqliteStore } from 'cardea/stores/sqlite'
import { argon2Hasher } from '../src/accounts/argon2-hasher.ts'
import { run } from '../src/cli/run.ts'
import type { World } from '../src/cli/world.ts'
import { temporaryFolder } from './temporary-folder.ts'

/** What one run of the command line said and ended with. */
export interface Ran {
  readonly code: number
  readonly out: string
  readonly err: string
  /** Standard output as the one JSON document it must be. */
  json<T = Record<string, never>>(): T
}

export interface RunOptions {
  readonly env?: Record<string, string>
  readonly stdin?: string | Uint8Array
}

/** A server that runs inside the test. */
export interface Serving {
  readonly addresses: readonly string[]
  readonly url: string
  log(): string
  signal(name: string): void
  readonly endedNow: () => number | undefined
  readonly done: Promise<Ran>
}

/** The command line in a folder of its own, with a clock that the test moves. */
export class InProcessWorld {
  readonly cwd = temporaryFolder()
  readonly #hasher = argon2Hasher()
  #now = 1_800_000_000

  advance(seconds: number): void {
    this.#now += seconds
  }

  write(name: string, content: unknown): string {
    const file = join(this.cwd, name)
    writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content))
    return file
  }

  read(name: string): Buffer {
    return readFileSync(join(this.cwd, name))
  }

  open() {
    return sqliteStore({ file: join(this.cwd, 'cardea.sqlite') })
  }

  async run(line: string | readonly string[], options: RunOptions = {}): Promise<Ran> {
    const { world, ran } = this.#world(options)
    return ran(await run(typeof line === 'string' ? line.split(' ') : line, world, '0.0.0'))
  }

  /** Starts a command that serves, with `--json`, and waits until it listens or ends. */
  async serve(line: string, options: RunOptions = {}): Promise<Serving> {
    const { world, ran, signals, stdout, log, endedNow } = this.#world(options)
    const done = run([...line.split(' '), '--json'], world, '0.0.0').then(ran)
    await Promise.race([once(signals, 'output'), done])
    if (stdout() === '') throw new Error(`it did not start: ${(await done).err}`)
    const { addresses } = JSON.parse(stdout()) as { addresses: string[] }
    return {
      addresses,
      url: `http://${addresses[0]}`,
      log,
      signal: (name) => void signals.emit('stop', name),
      endedNow,
      done,
    }
  }

  #world({ env = {}, stdin = '' }: RunOptions) {
    const said = { out: '', err: '', log: '' }
    const signals = new EventEmitter()
    let ended: number | undefined
    const world: World = {
      // In bytes, one by one, as they may come from a pipe.
      stdin: Readable.from([...Buffer.from(stdin)].map((byte) => Buffer.of(byte))),
      stdout: {
        write: (text) => {
          said.out += text
          signals.emit('output')
        },
      },
      stderr: {
        write: (text) => {
          said.err += text
        },
      },
      logSink: {
        write: (line) => {
          said.log += line
        },
      },
      env,
      cwd: this.cwd,
      clock: { now: () => this.#now },
      hasher: this.#hasher,
      openStore: (file, options) => sqliteStore({ file, now: () => this.#now, ...options }),
      onStop: (listener) => {
        signals.on('stop', listener)
        return () => signals.off('stop', listener)
      },
      onCrash: () => undefined,
      fetch: globalThis.fetch,
      endNow: (code) => {
        ended = code
      },
    }
    const ran = (code: number): Ran => ({
      code,
      out: said.out,
      err: said.err,
      json: <T>() => JSON.parse(said.out) as T,
    })
    return { world, ran, signals, stdout: () => said.out, log: () => said.log, endedNow: () => ended }
  }
}
