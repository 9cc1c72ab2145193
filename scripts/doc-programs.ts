import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join, relative } from 'node:path'
import type { DocBlock } from './doc-blocks.ts'
import type { Finding } from './findings.ts'
import type { ProcessGroups } from './process-groups.ts'

export interface DocPrograms {
  readonly groups: ProcessGroups
  readonly root: string
  readonly env: NodeJS.ProcessEnv
  /** Milliseconds in which a program must end well, or say that it serves. */
  readonly patience: number
  /** Milliseconds that a program which has said something must stay up without crashing. */
  readonly stayUp: number
}

interface Program {
  readonly block: DocBlock
  readonly path: string
}

/** Type-checks the TypeScript blocks of the pages, and runs those without the flag `norun`. */
export async function programFindings(blocks: readonly DocBlock[], context: DocPrograms): Promise<Finding[]> {
  const programs = blocks.filter(({ language }) => language === 'ts' || language === 'typescript')
  if (programs.length === 0) return []
  // Inside the workspace, where `cardea` resolves, and not below node_modules, where Node.js strips no types.
  const folder = join(context.root, 'test-results', `docs-${process.pid}`)
  mkdirSync(folder, { recursive: true })
  try {
    const written = programs.map((block) => writtenProgram(folder, block))
    const mistyped = await typeFindings(folder, written, context)
    const runnable = written.filter(({ block }) => !block.flags.includes('norun'))
    return [...mistyped, ...(await crashes(runnable, context))]
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** The file has empty lines down to where the block stands in its page, so that every message has the page's line. */
function writtenProgram(folder: string, block: DocBlock): Program {
  const path = join(folder, `${block.file.replaceAll('/', '-').replace(/\.md$/, '')}-${block.line}.ts`)
  writeFileSync(path, '\n'.repeat(block.line - 1) + block.text)
  return { block, path }
}

async function typeFindings(folder: string, programs: readonly Program[], context: DocPrograms): Promise<Finding[]> {
  const config = {
    extends: relative(folder, join(context.root, 'tsconfig.check.json')),
    compilerOptions: { noUnusedLocals: false, noUnusedParameters: false },
    include: [],
    files: programs.map(({ path }) => relative(folder, path)),
  }
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config))
  const { code, output } = await context.groups.run('tsc', ['-p', folder, '--pretty', 'false'], {
    cwd: folder,
    env: context.env,
    silence: 120_000,
  })
  if (code === 0) return []
  const findings = [...output.matchAll(/^(\S+)\((\d+),\d+\): (.*(?:\n +.*)*)/gm)].map(
    ([, name = '', line, text = '']) => {
      const program = programs.find(({ path }) => path.endsWith(`/${name}`))
      return { file: program?.block.file ?? name, line: Number(line), rule: text }
    },
  )
  const [first] = programs
  return findings.length > 0 ? findings : [{ file: first?.block.file ?? '', line: 1, rule: `tsc: ${output.trim()}` }]
}

/** A few at a time: a hundred starts at once would take longer than anybody has patience for. */
async function crashes(programs: readonly Program[], context: DocPrograms): Promise<Finding[]> {
  const waiting = programs.values()
  const findings: Finding[] = []
  const worker = async (): Promise<void> => {
    for (const program of waiting) findings.push(...(await crashFindings(program, context)))
  }
  await Promise.all(Array.from({ length: availableParallelism() }, worker))
  return findings.sort((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : a.line - b.line))
}

async function crashFindings({ block, path }: Program, context: DocPrograms): Promise<Finding[]> {
  const { groups, root, env, patience, stayUp } = context
  const stop = new AbortController()
  let serves = false
  const lost = setTimeout(() => stop.abort(), patience)
  const ended = await groups.run(process.execPath, ['--conditions=cardea-source', path], {
    cwd: join(root, 'test-results'),
    env: { ...env, CARDEA_DOCS_TEST: '1', PORT: '0' },
    signal: stop.signal,
    onLine(line) {
      // A server has nothing more to prove once it has stayed up for a moment.
      if (!serves) setTimeout(() => stop.abort(), stayUp)
      serves = true
      return line
    },
  })
  clearTimeout(lost)
  const isWell = ended.code === 0 || (serves && stop.signal.aborted)
  if (isWell) return []
  const rule = stop.signal.aborted
    ? `the program neither ended nor said anything in ${patience / 1000} s`
    : `the program ended with code ${ended.code}:\n${ended.output.trim()}`
  return [{ file: block.file, line: block.line, rule }]
}
