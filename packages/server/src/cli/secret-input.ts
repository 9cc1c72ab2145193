import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'
import type { Command } from 'commander'
import { textOf } from './define-command.ts'
import { usage } from './exit-codes.ts'
import type { World } from './world.ts'

export interface SecretSource {
  /** Names the options `--X-stdin` and `--X`. */
  readonly option: 'password' | 'secret' | 'oauth1-secret'
  /** The option as commander hands it over. */
  readonly key: 'password' | 'secret' | 'oauth1Secret'
  readonly variable: 'CARDEA_PASSWORD' | 'CARDEA_CLIENT_SECRET' | 'CARDEA_OAUTH1_SECRET'
}

export const passwordSource: SecretSource = { option: 'password', key: 'password', variable: 'CARDEA_PASSWORD' }
export const clientSecretSource: SecretSource = { option: 'secret', key: 'secret', variable: 'CARDEA_CLIENT_SECRET' }
export const oauth1SecretSource: SecretSource = {
  option: 'oauth1-secret',
  key: 'oauth1Secret',
  variable: 'CARDEA_OAUTH1_SECRET',
}

export const addSecretOptions = (command: Command, { option, variable }: SecretSource): Command =>
  command
    .option(`--${option}-stdin`, `read the ${option} from standard input (also: ${variable})`)
    .option(`--${option} <${option}>`, `the ${option}; visible to everyone on this machine, prefer --${option}-stdin`)

const lineEnd = 0x0a

/**
 * Read as bytes and decoded as a whole: a decoder that puts U+FFFD in place of what it cannot read would store another
 * secret than was given, with less in it to guess.
 */
async function firstLine(input: NodeJS.ReadableStream, option: string): Promise<string> {
  let bytes = Buffer.alloc(0)
  for await (const chunk of input) {
    bytes = Buffer.concat([bytes, Buffer.from(chunk)])
    if (bytes.includes(lineEnd) || bytes.length > 65_536) break
  }
  const end = bytes.indexOf(lineEnd)
  const line = end === -1 ? bytes : bytes.subarray(0, end)
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(line).replace(/\r$/, '')
  } catch {
    throw usage(`--${option}-stdin: standard input is not valid UTF-8`)
  }
}

/** The secret that was handed over by an option or the environment, or undefined. */
export async function givenSecret(
  world: World,
  options: Readonly<Record<string, unknown>>,
  { option, key, variable }: SecretSource,
): Promise<string | undefined> {
  const inline = textOf(options[key])
  const fromStdin = options[`${key}Stdin`] === true
  if (inline !== undefined && fromStdin) throw usage(`Use --${option} or --${option}-stdin, not both`)
  if (inline !== undefined) {
    world.stderr.write(`warning: --${option} can be seen in the list of processes; prefer --${option}-stdin\n`)
    return inline
  }
  if (fromStdin) {
    const line = await firstLine(world.stdin, option)
    if (line === '') throw usage(`--${option}-stdin: standard input is empty`)
    return line
  }
  return world.env[variable] || undefined
}

function ask(world: World, question: string): Promise<string> {
  world.stderr.write(question)
  // What is typed is not echoed.
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() })
  const lines = createInterface({ input: world.stdin, output: silent, terminal: true })
  return new Promise((resolve, reject) => {
    lines.once('line', (line) => {
      resolve(line)
      lines.close()
      world.stderr.write('\n')
    })
    lines.once('SIGINT', () => lines.close())
    lines.once('close', () => reject(usage('Nothing was entered')))
  })
}

/** As `givenSecret`, but asks for it, twice, when somebody is there to answer. */
export async function secretOrPrompt(
  world: World,
  options: Readonly<Record<string, unknown>>,
  source: SecretSource,
): Promise<string> {
  const given = await givenSecret(world, options, source)
  if (given !== undefined) return given
  const { option, variable } = source
  if (!world.stdin.isTTY) throw usage(`Give the ${option}: --${option}-stdin, or ${variable} in the environment`)
  const first = await ask(world, `${option}: `)
  if ((await ask(world, `${option} again: `)) !== first) throw usage(`The two entries of the ${option} differ`)
  return first
}
