import type { DocBlock } from './doc-blocks.ts'
import type { Finding } from './findings.ts'

/** What the commands in a page may name. */
export interface KnownCommands {
  /** Scripts of a workspace, by its name or folder; the root's own under `''`. */
  readonly npmScripts: ReadonlyMap<string, ReadonlySet<string>>
  /** Commands of the `cardea` program, such as `serve` and `client create`; absent while it cannot be asked. */
  readonly cardea: ReadonlySet<string> | undefined
  /** Whether a file exists, relative to the project. */
  readonly fileExists: (path: string) => boolean
  /** Files the page tells its reader to write. */
  readonly filesOfPage: ReadonlySet<string>
}

const shells = new Set(['sh', 'bash', 'shell', 'console'])
const lifecycle = new Set(['start', 'test', 'stop', 'restart'])

/** Commands of a shell block that name a script, command or file which does not exist. */
export function deadCommands(block: DocBlock, known: KnownCommands): Finding[] {
  if (!shells.has(block.language)) return []
  return shellCommands(block).flatMap(({ words, line }) => {
    const rule = deadCommand(words, known)
    return rule === undefined ? [] : [{ file: block.file, line, rule }]
  })
}

interface ShellCommand {
  readonly words: readonly string[]
  readonly line: number
}

function shellCommands(block: DocBlock): ShellCommand[] {
  // A continued line belongs to the line it began on; the newline goes to the end so that numbers stay right.
  const joined = block.text.replace(/(?:.*\\\n)+.*/g, (lines) => {
    const breaks = lines.split('\\\n').length - 1
    return lines.replaceAll('\\\n', ' ') + '\n'.repeat(breaks)
  })
  return joined.split('\n').flatMap((text, index) =>
    text
      .replace(/^\s*\$\s+/, '')
      .replace(/(^|\s)#.*$/, '')
      .split(/&&|\|\|?|;/)
      .map((command) => ({ words: withoutAssignments(command.trim().split(/\s+/)), line: block.line + index })),
  )
}

function withoutAssignments(words: readonly string[]): string[] {
  const first = words.findIndex((word) => !/^[A-Za-z_]\w*=/.test(word))
  return first === -1 ? [] : words.slice(first)
}

function deadCommand([program, ...args]: readonly string[], known: KnownCommands): string | undefined {
  if (program === 'npm') return deadNpmScript(args, known)
  if (program === 'npx') return args[0] === 'cardea' || args[0] === 'node' ? deadCommand(args, known) : undefined
  if (program === 'cardea') return deadCardeaCommand(args, known)
  if (program === 'node') return deadFile(args, known)
  return undefined
}

function deadNpmScript(args: readonly string[], known: KnownCommands): string | undefined {
  const at = args.findIndex((word) => /^(?:-w|--workspace)(?:=|$)/.test(word))
  const workspace = at === -1 ? '' : (args[at]?.split('=')[1] ?? args[at + 1] ?? '')
  const [command = '', script = ''] = args.filter((_, index) => at === -1 || index < at || index > at + 1)
  const name = command === 'run' ? script : lifecycle.has(command) ? command : undefined
  if (name === undefined) return undefined
  const scripts = known.npmScripts.get(workspace)
  if (scripts === undefined) return `npm: there is no workspace ${workspace}`
  if (!scripts.has(name)) return `npm: there is no script ${name}`
  const afterDashes = args.slice(args.indexOf('--') + 1)
  return name === 'cardea' && args.includes('--') ? deadCardeaCommand(afterDashes, known) : undefined
}

function deadCardeaCommand(args: readonly string[], { cardea }: KnownCommands): string | undefined {
  const [command, subcommand] = args
  if (cardea === undefined || command === undefined || command.startsWith('-')) return undefined
  if (!cardea.has(command)) return `cardea: there is no command ${command}`
  const isGroup = [...cardea].some((name) => name.startsWith(`${command} `))
  if (!isGroup || subcommand === undefined || subcommand.startsWith('-')) return undefined
  return cardea.has(`${command} ${subcommand}`) ? undefined : `cardea: there is no command ${command} ${subcommand}`
}

function deadFile(args: readonly string[], known: KnownCommands): string | undefined {
  const path = args.find((word) => !word.startsWith('-'))
  if (path === undefined || !/\.[cm]?[jt]s$/.test(path) || args.includes('-e')) return undefined
  const name = path.replace(/^\.\//, '')
  if (known.filesOfPage.has(name) || known.fileExists(builtFrom(name))) return undefined
  return `node: there is no file ${path}`
}

/** A built file exists once its source does. */
function builtFrom(path: string): string {
  return path.replace(/^(packages\/[^/]+)\/dist\/(.*)\.js$/, '$1/src/$2.ts')
}

/** Files a page names in running text, as in "save this as `server.ts`". */
export function filesNamedIn(page: string): Set<string> {
  return new Set([...page.matchAll(/`([\w./-]+\.[cm]?[jt]s)`/g)].map((match) => match[1] ?? ''))
}
