import { type ChildProcess, spawn } from 'node:child_process'

export interface Ended {
  readonly code: number
  /** Standard output and error as they came, without what `onLine` took. */
  readonly output: string
  /** Why we ended it ourselves; absent when it ended by itself. */
  readonly stopped?: string
}

export interface RunOptions {
  readonly cwd: string
  readonly env: NodeJS.ProcessEnv
  /** Milliseconds without any output after which the process is ended. */
  readonly silence?: number
  /** Ends the process when it fires. */
  readonly signal?: AbortSignal
  /** Sees every full line of standard output and returns what of it belongs in `output`. */
  readonly onLine?: (line: string) => string
}

export interface ProcessGroups {
  run(command: string, args: readonly string[], options: RunOptions): Promise<Ended>
  /** Ends every process that still runs, with its descendants, and refuses to start more. */
  stopAll(reason: string): void
}

/** Milliseconds between asking a process to end and ending it. */
const grace = 2_000

/** Starts processes as leaders of their own group, so that nothing they started can outlive them. */
export function processGroups(): ProcessGroups {
  const stops = new Set<(reason: string) => void>()
  let closed: string | undefined
  return {
    async run(command, args, options) {
      if (closed !== undefined) return { code: 1, output: '', stopped: closed }
      const child = spawn(command, args, {
        cwd: options.cwd,
        env: options.env,
        stdio: ['ignore', 'pipe', 'pipe'],
        detached: true,
      })
      return followed(child, options, stops)
    },
    stopAll(reason) {
      closed ??= reason
      for (const stop of stops) stop(reason)
    },
  }
}

function followed(child: ChildProcess, options: RunOptions, stops: Set<(reason: string) => void>): Promise<Ended> {
  const { promise, resolve } = Promise.withResolvers<Ended>()
  let output = ''
  let stopped: string | undefined
  let last: NodeJS.Timeout | undefined
  const stop = (reason: string): void => {
    stopped ??= reason
    signalGroup(child, 'SIGTERM')
    // A leader with groups of its own needs a moment to end them; one that is stuck gets no more than that.
    last ??= setTimeout(() => signalGroup(child, 'SIGKILL'), grace)
  }
  stops.add(stop)
  const aborted = (): void => stop('aborted')
  options.signal?.addEventListener('abort', aborted)
  const silence = options.silence ?? 0
  const timer = silence > 0 ? setTimeout(() => stop(`silent for ${silence / 1000} s`), silence) : undefined
  const keep = (text: string): void => {
    output += text
  }
  const lines = lineSplitter((line) => keep(options.onLine?.(line) ?? line))
  child.stdout?.setEncoding('utf8').on('data', lines.push)
  child.stderr?.setEncoding('utf8').on('data', keep)
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', () => timer?.refresh())
  child.on('error', (error) => keep(`${error.message}\n`))
  // The leader is gone, but what it left behind may hold its pipes open, so `close` alone could wait for ever.
  child.on('exit', () => signalGroup(child, 'SIGKILL'))
  child.on('close', (code) => {
    clearTimeout(timer)
    clearTimeout(last)
    stops.delete(stop)
    options.signal?.removeEventListener('abort', aborted)
    lines.end()
    resolve(stopped === undefined ? { code: code ?? 1, output } : { code: 1, output, stopped })
  })
  return promise
}

function signalGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid === undefined) return
  try {
    process.kill(-pid, signal)
  } catch {
    // Nothing of the group is left.
  }
}

function lineSplitter(take: (line: string) => void): { push(chunk: string): void; end(): void } {
  let rest = ''
  return {
    push(chunk) {
      const pieces = (rest + chunk).split('\n')
      rest = pieces.pop() ?? ''
      for (const piece of pieces) take(`${piece}\n`)
    },
    end() {
      if (rest !== '') take(rest)
      rest = ''
    },
  }
}
