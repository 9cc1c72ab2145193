import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

export interface NodeVersion {
  readonly name: 'oldest' | 'current' | 'newest'
  /** The program; undefined where npm has none for this machine. */
  readonly program: string | undefined
}

const binaryIn = (folder: string): string | undefined => {
  const program = fileURLToPath(
    new URL(`../../${folder}node_modules/node-${process.platform}-${process.arch}/bin/node`, import.meta.url),
  )
  return existsSync(program) ? program : undefined
}

/** The oldest Node.js 22 that loads ES modules by `require`, the 24 of this workspace, and a 26. */
export const nodeVersions: readonly NodeVersion[] = [
  { name: 'oldest', program: binaryIn('runtimes/oldest/') },
  { name: 'current', program: process.execPath },
  { name: 'newest', program: binaryIn('runtimes/newest/') },
]
