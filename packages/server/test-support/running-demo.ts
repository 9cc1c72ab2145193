import assert from 'node:assert/strict'
import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { formsOf, UserAgent } from 'cardea/testing'

export const main = fileURLToPath(new URL('../src/main.ts', import.meta.url))
export const hasCurl = spawnSync('curl', ['--version']).status === 0

/** A demonstration that runs as a process of its own. */
export interface RunningDemo {
  readonly issuer: string
  readonly greeting: string
  readonly child: ChildProcess
  stop(): Promise<number | null>
}

export async function startDemo(cwd: string, port: number, ...options: string[]): Promise<RunningDemo> {
  const args = ['--conditions=cardea-source', main, 'demo', ...options]
  const child = spawn(process.execPath, args, { cwd, env: { PATH: process.env.PATH, PORT: String(port) } })
  let greeting = ''
  let errors = ''
  child.stderr.on('data', (chunk: Buffer) => {
    errors += String(chunk)
  })
  await new Promise<void>((resolve, reject) => {
    child.once('exit', () => reject(new Error(`it ended: ${errors}`)))
    child.stdout.on('data', (chunk: Buffer) => {
      greeting += String(chunk)
      if (greeting.includes('Stop with Ctrl-C')) resolve()
    })
  })
  return {
    issuer: `http://localhost:${port}`,
    greeting,
    child,
    async stop() {
      if (child.exitCode !== null) return child.exitCode
      child.kill('SIGINT')
      const [code] = (await once(child, 'exit')) as [number | null]
      return code
    },
  }
}

/** Pastes a line into a shell; `input` answers what it asks. */
export const paste = (line: string, input = ''): Promise<string> =>
  new Promise((resolve, reject) => {
    const shell = execFile('sh', ['-c', line], { timeout: 20_000 }, (error, stdout) =>
      error === null ? resolve(stdout) : reject(error),
    )
    shell.stdin?.end(input)
  })

/** The lines to paste, by the title above them. */
export function linesOf(greeting: string): Map<string, string> {
  const lines = greeting.split('\n')
  return new Map(
    lines.flatMap((line, index): [string, string][] => {
      const next = lines[index + 1]
      return line !== '' && !line.startsWith(' ') && next?.startsWith('  ') ? [[line, next.trim()]] : []
    }),
  )
}

/** A person at a browser: opens the URL, signs in, allows. Returns the address they end at, which is not loaded. */
export async function allow(url: string, origin: string): Promise<URL> {
  const browser = new UserAgent((request) => fetch(request, { redirect: 'manual' }), origin)
  const isEnd = (place: URL): boolean => place.origin !== origin || place.pathname.startsWith('/demo/')
  let response = await browser.get(url)
  for (let step = 0; step < 12; step += 1) {
    const location = response.headers.get('location')
    if (location !== null) {
      const next = new URL(location, origin)
      if (isEnd(next)) return next
      response = await browser.get(next.href)
      continue
    }
    const form = formsOf(await response.text()).at(-1) ?? assert.fail('the page has no form')
    const names = form.fields.map(([name]) => name)
    const kept = form.fields.filter(([name]) => name !== 'username' && name !== 'password')
    const answer = names.includes('username')
      ? [['username', 'john@doe.com'] as const, ['password', 'testpassword'] as const]
      : [['decision', 'allow'] as const]
    response = await browser.post(form.action, [...kept, ...answer])
  }
  return assert.fail('it never ended')
}
