import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { awkward, type OAuth1Server } from './oauth1-server.ts'

/** A client of another author as a program that takes its settings from the environment. */
export interface ExternalClient {
  readonly command: readonly [program: string, ...args: string[]]
  readonly method: string
  readonly place: 'header' | 'body' | 'query'
}

/** What the protected resource told the client. */
export interface Result {
  readonly clientId: string
  readonly userId: string
  readonly method: string
  readonly parameters: readonly (readonly [string, string])[]
}

const patience = 60_000

const query = awkward.parameters.map((pair) => pair.map(encodeURIComponent).join('=')).join('&')

function settings(server: OAuth1Server, { method, place }: ExternalClient): NodeJS.ProcessEnv {
  const { registered } = server
  return {
    OAUTH1_INITIATE: server.initiate,
    OAUTH1_AUTHORIZE: server.authorize,
    OAUTH1_TOKEN: server.token,
    OAUTH1_RESOURCE: server.resource,
    OAUTH1_KEY: registered.consumerKey,
    OAUTH1_SECRET: registered.consumerSecret,
    OAUTH1_RSA_KEY: registered.privateKey,
    OAUTH1_CALLBACK: registered.callback,
    OAUTH1_METHOD: method,
    OAUTH1_PLACE: place,
    OAUTH1_PARAMETERS: JSON.stringify(awkward.parameters),
    OAUTH1_QUERY: query,
  }
}

/**
 * Runs a client to its end: it prints `AUTHORIZE` and an address, is told the verifier, and prints `RESULT` and what
 * each protected request was answered with. Rejects with what it printed when it ends in another way.
 */
export async function runExternalClient(server: OAuth1Server, client: ExternalClient): Promise<Result[]> {
  const [program, ...args] = client.command
  const env = { PATH: process.env.PATH, LANG: 'C.UTF-8', ...settings(server, client) }
  const child = spawn(program, args, { env, stdio: ['pipe', 'pipe', 'pipe'], timeout: patience })
  const ended = once(child, 'close')
  let complaints = ''
  child.stderr.on('data', (chunk) => {
    complaints += String(chunk)
  })
  const results: Result[] = []
  for await (const line of createInterface({ input: child.stdout })) {
    const [word = ''] = line.split(' ', 1)
    const rest = line.slice(word.length + 1)
    if (word === 'AUTHORIZE') child.stdin.end(`${await server.verifierFrom(rest)}\n`)
    if (word === 'RESULT') results.push(JSON.parse(rest) as Result)
  }
  const [code] = await ended
  if (code !== 0) throw new Error(`${program} ended with code ${code}: ${complaints}`)
  return results
}
