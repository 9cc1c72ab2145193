import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { isCommand } from './bundle-command.ts'
import { projectFiles, projectRoot } from './project-files.ts'

const output = /^dist\/(.+?)\.(?:d\.ts|js)(?:\.map)?$/

/**
 * Which of the files below `dist` no source stands for: the compiler leaves the output of what was renamed, and it would
 * be published. Both lists are relative to the package.
 */
export function staleOutput(outputs: readonly string[], sources: readonly string[]): string[] {
  const kept = new Set(sources)
  return outputs.filter((file) => {
    const [, name] = output.exec(file) ?? []
    return name !== undefined && !isCommand(file) && (!kept.has(`src/${name}.ts`) || name.endsWith('.test'))
  })
}

if (import.meta.main) {
  for (const name of ['cardea', 'server']) {
    const root = join(projectRoot, 'packages', name)
    for (const file of staleOutput(projectFiles(root, 'dist'), projectFiles(root, 'src'))) rmSync(join(root, file))
  }
}
