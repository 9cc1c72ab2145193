import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { bundles } from './bundles.ts'
import { packageContents } from './contents.ts'
import { type Host, installedIn } from './host.ts'
import { hostPrograms } from './host-programs.ts'
import { hostTypes } from './host-types.ts'
import { type PackageFolder, type Packed, pack } from './packed.ts'
import { serverPackage } from './server-package.ts'

const folder = mkdtempSync(join(tmpdir(), 'cardea-packaging-'))
const packed = new Map<PackageFolder, Packed>()
const hosts: Host[] = []

const packedAs = (name: PackageFolder): Packed => packed.get(name) ?? missing(name)
const library = (): Packed => packedAs('cardea')
const host = (): Host => hosts[0] ?? missing('the host')

function missing(what: string): never {
  throw new Error(`${what} could not be packed`)
}

before(() => {
  for (const name of ['cardea', 'server'] as const) packed.set(name, pack(name, folder))
  hosts.push(installedIn(join(folder, 'host'), library()))
})
after(() => rmSync(folder, { recursive: true }))

test('package cardea: one run-time dependency, and no installation script', () => {
  assert.deepEqual(Object.keys(library().manifest.dependencies ?? {}), ['jose'])
  const scripts = Object.keys(library().manifest.scripts ?? {})
  assert.deepEqual(
    scripts.filter((name) => /install/.test(name)),
    [],
  )
})

packageContents('cardea', library)
packageContents('server', () => packedAs('server'))
bundles(host)
hostTypes(host, () => library().manifest)
hostPrograms(host, () => library().manifest)
serverPackage(folder, library, () => packedAs('server'))
