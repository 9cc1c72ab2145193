import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Compiles this workspace, whose server programs run built. Throws with the compiler's words when it does not compile. */
export function buildPrograms(): void {
  const compiler = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin', 'tsc')
  const workspace = fileURLToPath(new URL('..', import.meta.url))
  const { status, stdout, stderr } = spawnSync(process.execPath, [compiler, '-b', workspace], { encoding: 'utf8' })
  if (status !== 0) throw new Error(`benchmarks do not compile:\n${stdout}${stderr}`)
}
