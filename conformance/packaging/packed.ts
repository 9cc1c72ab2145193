import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export interface Manifest {
  readonly name: string
  readonly version: string
  readonly dependencies?: Readonly<Record<string, string>>
  readonly scripts?: Readonly<Record<string, string>>
  readonly exports: Readonly<Record<string, unknown>>
}

/** One of our packages as the registry would get it. */
export interface Packed {
  readonly tarball: string
  /** Where it has been unpacked. */
  readonly folder: string
  readonly manifest: Manifest
}

/** Below `packages/`. */
export type PackageFolder = 'cardea' | 'server'

export const packageFolder = (name: PackageFolder): string =>
  fileURLToPath(new URL(`../../packages/${name}/`, import.meta.url))

/** Packs with npm, which builds before, and unpacks beside. */
export function pack(name: PackageFolder, into: string): Packed {
  const folder = join(into, `${name}-unpacked`)
  mkdirSync(folder, { recursive: true })
  npm(['pack', '--pack-destination', into], packageFolder(name))
  const { name: published, version } = manifestIn(packageFolder(name))
  const tarball = join(into, `${published}-${version}.tgz`)
  execFileSync('tar', ['-xzf', tarball, '--strip-components=1', '-C', folder])
  return { tarball, folder, manifest: manifestIn(folder) }
}

export const manifestIn = (folder: string): Manifest =>
  JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest

/** What programs may import from. */
export const entriesOf = ({ exports, name }: Manifest): string[] =>
  Object.keys(exports)
    .filter((path) => !path.endsWith('.json'))
    .map((path) => `${name}${path.slice(1)}`)

/** Throws with what npm has said when it fails. */
export function npm(args: readonly string[], cwd: string): void {
  execFileSync('npm', args, { cwd, encoding: 'utf8', stdio: 'pipe' })
}

/** Where the workspace has a dependency of one of our packages. */
export function installedFolder(dependency: string, of: PackageFolder): string {
  const { resolve } = createRequire(join(packageFolder(of), 'package.json'))
  const places = (resolve.paths(dependency) ?? []).map((place) => join(place, dependency))
  const found = places.find((place) => existsSync(join(place, 'package.json')))
  if (found === undefined) throw new Error(`${dependency} is not installed: npm ci`)
  return found
}
