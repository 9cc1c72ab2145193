import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { installedFolder, npm, type Packed } from './packed.ts'

/** A program of somebody else: a folder outside the workspace, with nothing but `cardea` installed in it. */
export interface Host {
  readonly folder: string
  /** Writes a file into the folder; returns its path. */
  write(name: string, text: string): string
}

/**
 * Installs the tarball. Its dependencies are taken from the workspace, so that no registry is asked: npm checks that
 * they fit the ranges, and would say so.
 */
export function installedIn(folder: string, { tarball, manifest }: Packed): Host {
  mkdirSync(folder, { recursive: true })
  // What `npm init -y` writes.
  writeFileSync(
    join(folder, 'package.json'),
    JSON.stringify({ name: 'host', version: '1.0.0', type: 'commonjs', license: 'ISC' }),
  )
  const dependencies = Object.keys(manifest.dependencies ?? {}).map((name) => installedFolder(name, 'cardea'))
  const quiet = ['--offline', '--no-audit', '--no-fund', '--ignore-scripts', '--install-links']
  npm(['install', ...quiet, tarball, ...dependencies], folder)
  return {
    folder,
    write(name, text) {
      const path = join(folder, name)
      writeFileSync(path, text)
      return path
    },
  }
}
