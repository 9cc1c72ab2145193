import { existsSync, readFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { parse as parseYaml } from 'yaml'
import { type DocBlock, docBlocks } from './doc-blocks.ts'
import { deadCommands, filesNamedIn, type KnownCommands } from './doc-commands.ts'
import { linkFindings } from './doc-links.ts'
import { programFindings } from './doc-programs.ts'
import { type Finding, report } from './findings.ts'
import { knownCardeaCommands, knownNpmScripts } from './known-commands.ts'
import { processGroups } from './process-groups.ts'
import { projectFiles, projectRoot } from './project-files.ts'

/** What does not parse in a JSON or YAML block. */
export function dataFindings({ file, line, language, text }: DocBlock): Finding[] {
  if (!['json', 'yaml', 'yml'].includes(language)) return []
  try {
    if (language === 'json') JSON.parse(text)
    else parseYaml(text)
    return []
  } catch (error) {
    return [
      { file, line, rule: `is not ${language}: ${error instanceof Error ? error.message.split('\n')[0] : error}` },
    ]
  }
}

async function main(): Promise<void> {
  const pages = ['README.md', 'CONTRIBUTING.md', 'SECURITY.md', ...projectFiles(projectRoot, 'docs')].filter(
    (file) => file.endsWith('.md') && !file.startsWith('docs/adr/') && existsSync(join(projectRoot, file)),
  )
  const groups = processGroups()
  process.once('SIGTERM', () => groups.stopAll('stopped'))
  process.once('SIGINT', () => groups.stopAll('stopped'))
  const path = [join(projectRoot, 'node_modules/.bin'), process.env.PATH ?? ''].join(delimiter)
  const context = { groups, root: projectRoot, env: { ...process.env, PATH: path }, patience: 60_000, stayUp: 1_000 }
  const known = { npmScripts: knownNpmScripts(projectRoot), cardea: await knownCardeaCommands(context) }
  const blocks: DocBlock[] = []
  const texts = new Map(pages.map((file) => [file, readFileSync(join(projectRoot, file), 'utf8')]))
  const exists = (path: string): boolean => existsSync(join(projectRoot, path))
  const findings: Finding[] = linkFindings({ pages: texts, exists })
  for (const [file, page] of texts) {
    const commands: KnownCommands = {
      ...known,
      fileExists: exists,
      filesOfPage: filesNamedIn(page),
    }
    const found = docBlocks(file, page)
    blocks.push(...found)
    findings.push(...found.flatMap((block) => [...dataFindings(block), ...deadCommands(block, commands)]))
  }
  findings.push(...(await programFindings(blocks, context)))
  report('docs', findings, `${blocks.length} blocks in ${pages.length} pages`)
}

if (import.meta.main) await main()
