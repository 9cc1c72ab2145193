import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { API, type Project, SymbolFlags } from 'typescript/unstable/sync'
import { describe } from './describe.ts'
import type { DescribedEntry, DescribedExport } from './described-export.ts'

export interface PackagePlace {
  /** The project's root: files are told relative to it. */
  readonly root: string
  /** Folder of the package below it. */
  readonly folder: string
}

interface Manifest {
  readonly name: string
  readonly exports: Readonly<Record<string, string | { readonly 'cardea-source'?: string }>>
}

/** Every entry point of a package with all that it exports, as the compiler understands its sources. */
export function libraryEntries({ root, folder }: PackagePlace): DescribedEntry[] {
  const at = join(root, folder)
  const { name, exports } = JSON.parse(readFileSync(join(at, 'package.json'), 'utf8')) as Manifest
  const api = new API({ cwd: root })
  try {
    const [project] = api.updateSnapshot({ openProjects: [join(at, 'tsconfig.json')] }).getProjects()
    if (project === undefined) throw new Error(`${folder}: there is no TypeScript project`)
    return Object.entries(exports).flatMap(([path, target]) => {
      const source = typeof target === 'string' ? undefined : target['cardea-source']
      return source === undefined
        ? []
        : [{ specifier: join(name, path), exports: exportsOf({ root, project }, join(at, source)) }]
    })
  } finally {
    api.close()
  }
}

/** Where an export is described from. */
export interface Source {
  readonly root: string
  readonly project: Project
}

function exportsOf(source: Source, path: string): DescribedExport[] {
  const { checker, program } = source.project
  const file = program.getSourceFile(path)
  const module = file === undefined ? undefined : checker.getSymbolAtLocation(file)
  if (module === undefined) throw new Error(`${path}: is no module of the project`)
  return checker.getExportsOfModule(module).map((symbol) => {
    const target = symbol.flags & SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol
    return describe(source, symbol.name, target)
  })
}
