import assert from 'node:assert/strict'
import { test } from 'node:test'
import { deadCommands, filesNamedIn, type KnownCommands } from './doc-commands.ts'
import { commandsInHelp } from './known-commands.ts'

const known: KnownCommands = {
  npmScripts: new Map([
    ['', new Set(['start', 'test', 'bench', 'cardea'])],
    ['packages/server', new Set(['build'])],
  ]),
  cardea: new Set(['serve', 'client', 'client create']),
  fileExists: (path) => path === 'packages/server/src/main.ts',
  filesOfPage: filesNamedIn('Save this as `app.ts` and run it.'),
}

const dead = (...lines: string[]): string[] =>
  deadCommands({ file: 'a.md', line: 10, language: 'sh', flags: [], text: `${lines.join('\n')}\n` }, known).map(
    ({ line, rule }) => `${line} ${rule}`,
  )

test('docs: commands that exist are accepted', () => {
  const lines = [
    'npm ci && npm start -- --reset',
    'npm run bench -- --json FILE',
    'npm run build -w packages/server',
    '$ npx cardea client create --name demo # makes one',
    'PORT=0 cardea serve \\',
    '  --config x.yaml',
    'node --conditions=cardea-source app.ts',
    'node packages/server/dist/main.js | jq .',
    'curl -d a=b http://localhost:8000/token',
  ]
  assert.deepEqual(dead(...lines), [])
})

test('docs: a script, command, workspace or file that does not exist is reported with its line', () => {
  const lines = [
    'npm run gone',
    'PORT=1 npm ci && npm stop',
    'npm run bench -w packages/server',
    'npm run build --workspace=packages/none',
    'npx cardea reset',
    'cardea client \\',
    '  --json',
    'cardea client destroy x',
    'npm run cardea -- tidy',
    'node gone.js',
    'npx node gone.js',
  ]
  assert.deepEqual(dead(...lines), [
    '10 npm: there is no script gone',
    '11 npm: there is no script stop',
    '12 npm: there is no script bench',
    '13 npm: there is no workspace packages/none',
    '14 cardea: there is no command reset',
    '17 cardea: there is no command client destroy',
    '18 cardea: there is no command tidy',
    '19 node: there is no file gone.js',
    '20 node: there is no file gone.js',
  ])
})

test('docs: only shell blocks hold commands', () => {
  const block = { file: 'a.md', line: 1, language: 'text', flags: [], text: 'npm run gone\n' }
  assert.deepEqual(deadCommands(block, known), [])
})

test('docs: the commands of a help text', () => {
  const help = `Usage: cardea [options] [command]

Options:
  -h, --help         display help

Commands:
  serve [options]    start the server
                     with a configuration
  token|tokens       tokens
  help [command]     display help
`
  assert.deepEqual(commandsInHelp(help), ['serve', 'token', 'tokens'])
  assert.deepEqual(commandsInHelp('Usage: cardea serve\n'), [])
})
