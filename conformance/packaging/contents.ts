import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, posix } from 'node:path'
import { test } from 'node:test'
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'
import { isCommand } from '../../scripts/bundle-command.ts'
import { projectFiles } from '../../scripts/project-files.ts'
import { manifestIn, type PackageFolder, type Packed, packageFolder } from './packed.ts'

/** What is in a package, and whether programs that look at packages find fault with it. */
export function packageContents(name: PackageFolder, packed: () => Packed): void {
  const { name: published } = manifestIn(packageFolder(name))
  const files = (): string[] => everyFile(packed().folder)

  test(`package ${published}: no test, nothing of the compiler's own, nothing but what was listed`, () => {
    const unwanted = /\.test\.|tsbuildinfo|tsconfig|vectors|node_modules/
    assert.deepEqual(
      files().filter((file) => unwanted.test(file)),
      [],
    )
    const top = new Set(files().map((file) => file.split('/')[0]))
    const expected = ['LICENSE', 'README.md', 'dist', 'package.json', 'src', ...(name === 'server' ? ['bin'] : [])]
    assert.deepEqual([...top].sort(), expected.sort())
  })

  test(`package ${published}: whatever has been built has its source beside it, and the other way round`, () => {
    const sources = files().flatMap((file) => /^src\/(.+)\.ts$/.exec(file)?.[1] ?? [])
    const modules = files().filter((file) => !isCommand(file))
    const built = modules.flatMap((file) => /^dist\/(.+?)\.(?:d\.ts|js)(?:\.map)?$/.exec(file)?.[1] ?? [])
    assert.deepEqual(built.sort(), sources.flatMap((source) => [source, source, source, source]).sort())
  })

  test(`package ${published}: every map leads to a source that is in the package`, () => {
    const { folder } = packed()
    const maps = files().filter((file) => file.endsWith('.map'))
    assert.ok(maps.length > 0)
    const astray = maps.filter((map) => {
      const { sources } = JSON.parse(readFileSync(join(folder, map), 'utf8')) as { sources: string[] }
      return sources.length !== 1 || !existsSync(join(folder, posix.join(dirname(map), sources[0] ?? '')))
    })
    assert.deepEqual(astray, [])
  })

  test(`package ${published}: publint finds nothing`, async () => {
    const { messages } = await publint({ pkgDir: packed().folder, pack: false, strict: true })
    const { manifest } = packed()
    assert.deepEqual(
      messages.map((message) => formatMessage(message, manifest as never)),
      [],
    )
  })

  test(`package ${published}: are the types wrong? No: they are ES modules, for whoever resolves exports`, async () => {
    const result = await checkPackage(createPackageFromTarballData(readFileSync(packed().tarball)))
    assert.ok(result.types !== false, 'it has types')
    const wrong = result.problems.filter((problem) => !meant(problem))
    assert.deepEqual(wrong, [])
  })
}

type Problem = Extract<Awaited<ReturnType<typeof checkPackage>>, { readonly types: object }>['problems'][number]

/** The profile `esm-only` of attw, which also forgives more: of `require`, only that it loads an ES module. */
const meant = (problem: Problem): boolean =>
  problem.kind === 'CJSResolvesToESM' || ('resolutionKind' in problem && problem.resolutionKind === 'node10')

const everyFile = (folder: string): string[] => [...projectFiles(folder), ...projectFiles(folder, 'dist')].sort()
