import assert from 'node:assert/strict'
import { test } from 'node:test'
import { dataFindings } from './check-docs.ts'
import type { DocBlock } from './doc-blocks.ts'
import { programFindings } from './doc-programs.ts'
import { processGroups } from './process-groups.ts'
import { projectRoot } from './project-files.ts'

const block = (text: string, ...flags: string[]): DocBlock => ({
  file: 'docs/a.md',
  line: 7,
  language: 'ts',
  flags,
  text,
})

/** Longer than any start of Node.js takes, so that a crash is always seen. */
const patient = 20_000

const found = (...blocks: DocBlock[]): Promise<string[]> => foundWithin(patient, ...blocks)

async function foundWithin(patience: number, ...blocks: DocBlock[]): Promise<string[]> {
  const env = { ...process.env, PATH: `${projectRoot}/node_modules/.bin:${process.env.PATH}` }
  const context = { groups: processGroups(), root: projectRoot, env, patience, stayUp: 1_000 }
  const findings = await programFindings(
    blocks.map((one, index) => ({ ...one, line: one.line + index })),
    context,
  )
  return findings.map(({ file, line, rule }) => `${file}:${line} ${rule}`)
}

test('docs: a program that ends well, and a server that says its line, are accepted', async () => {
  const server = `import { createServer } from 'node:http'
const server = createServer().listen(Number(process.env.PORT), () => console.log('listening', server.address()))
`
  assert.deepEqual(await found(block('export const a: number = 1\n'), block(server)), [])
})

test('docs: a type error is reported at its line of the page, also in a block that is not run', async () => {
  const [first, ...others] = await found(block('const a = 1\nexport const b: string = a\n', 'norun'))
  assert.match(first ?? '', /^docs\/a\.md:8 error TS2322/)
  assert.deepEqual(others, [])
})

test('docs: a program that crashes is reported, unless it is not to be run', async () => {
  const crash = "throw new Error('no luck')\n"
  const [first, ...others] = await found(block(crash), block(crash, 'norun'))
  assert.match(first ?? '', /^docs\/a\.md:7 the program ended with code 1:[\s\S]*no luck/)
  assert.deepEqual(others, [])
})

test('docs: a program that never ends and says nothing is reported: nobody knows whether it did what it should', async () => {
  const [first, ...others] = await foundWithin(2_000, block('setInterval(() => {}, 1000)\nexport {}\n'))
  assert.match(first ?? '', /^docs\/a\.md:7 the program neither ended nor said anything in 2 s/)
  assert.deepEqual(others, [])
})

test('docs: JSON and YAML must parse', () => {
  const data = (language: string, text: string): number => dataFindings({ ...block(text), language }).length
  assert.deepEqual([data('json', '{"a": 1}'), data('json', '{a: 1}')], [0, 1])
  assert.deepEqual([data('yaml', 'a: 1\nb: [x]'), data('yaml', 'a: [x')], [0, 1])
})
