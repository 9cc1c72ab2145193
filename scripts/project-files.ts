import { existsSync, readdirSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'

export const projectRoot = fileURLToPath(new URL('..', import.meta.url))

const generatedFolders = new Set(['node_modules', 'dist', '.git', '.cardea', 'test-results'])

/** Every file kept by hand below `folder`, as sorted paths relative to `root` with forward slashes. */
export function projectFiles(root: string, folder = '.'): string[] {
  const start = join(root, folder)
  if (!existsSync(start)) return []
  const found: string[] = []
  const visit = (directory: string): void => {
    for (const entry of readdirSync(directory, { withFileTypes: true })) {
      const path = join(directory, entry.name)
      if (entry.isDirectory() && !generatedFolders.has(entry.name)) visit(path)
      if (entry.isFile()) found.push(relative(root, path).split(sep).join('/'))
    }
  }
  visit(start)
  return found.sort()
}

const testRoots = ['packages', 'scripts', 'examples', 'conformance', 'benchmarks']

/** Files ending in `suffix` under the folders that may hold tests. */
export function testFiles(root: string, suffix: '.test.ts' | '.browser-test.ts' | '.interop-test.ts'): string[] {
  return testRoots.flatMap((folder) => projectFiles(root, folder)).filter((file) => file.endsWith(suffix))
}
