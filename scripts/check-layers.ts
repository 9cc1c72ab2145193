import { existsSync, readFileSync } from 'node:fs'
import { join, posix } from 'node:path'
import { type Finding, report } from './findings.ts'
import { type ImportStatement, importStatements } from './import-statements.ts'
import { type Layer, layers, nodeModules, packages, testingFolder } from './layers.ts'
import { projectFiles, projectRoot } from './project-files.ts'

const library = 'packages/cardea/src'

/** Checks the import direction of every source of the library below `root`. Paths in findings are relative to `root`. */
export function checkLayers(root: string): Finding[] {
  const sources = projectFiles(root, library).filter((file) => /\.[cm]?tsx?$/.test(file))
  return sources.flatMap((file) => {
    const imports = importStatements(readFileSync(join(root, file), 'utf8'))
    const place = posix.relative(library, file)
    const homeless = isFree(place) || layerOf(place) ? [] : [{ file, line: 1, rule: `${place} belongs to no layer` }]
    const broken = imports.flatMap((statement) => {
      const rule = ruleBrokenBy(root, place, statement)
      return rule === undefined ? [] : [{ file, line: statement.line, rule }]
    })
    return [...homeless, ...broken]
  })
}

function ruleBrokenBy(root: string, place: string, statement: ImportStatement): string | undefined {
  const { specifier } = statement
  if (specifier.startsWith('.')) return relativeRule(root, place, statement)
  if (/^cardea-server(\/|$)/.test(specifier)) return 'the library never imports packages/server'
  if (isTest(place)) return undefined
  if (specifier.startsWith('node:')) return builtInRule(place, specifier)
  return packageRule(place, statement)
}

function relativeRule(root: string, place: string, statement: ImportStatement): string | undefined {
  const target = posix.normalize(posix.join(posix.dirname(place), statement.specifier))
  if (!existsSync(join(root, library, target))) return `${statement.specifier} does not exist`
  if (target.startsWith('../../server/')) return 'the library never imports packages/server'
  if (isTest(place)) return undefined
  if (target.startsWith('../')) return `${statement.specifier} lies outside ${library}`
  if (isTest(target)) return 'a source never imports a test'
  if (isFree(place)) return undefined
  const from = layerOf(place)
  if (from === undefined || within(target, from.path)) return undefined
  if (from.sees.some((path) => within(target, path))) return undefined
  const typesOnly = from.seesTypesOf?.some((path) => within(target, path)) === true
  if (typesOnly && statement.kind === 'type') return undefined
  if (typesOnly) return `${from.path} sees ${target} by \`import type\` only`
  return `${nameOf(from)} must not see ${target.includes('/') ? (layerOf(target)?.path ?? target) : target}`
}

function builtInRule(place: string, specifier: string): string | undefined {
  if (isFree(place)) return undefined
  const places = nodeModules.filter(({ modules }) => modules.includes(specifier)).flatMap((row) => row.places)
  if (places.some((path) => within(place, path))) return undefined
  return places.length > 0 ? `${specifier} belongs to ${places.join(', ')}` : `${specifier} has no place in the library`
}

// Also for testing/: hosts import it, and what only this workspace installs would be missing there.
function packageRule(place: string, { specifier, kind }: ImportStatement): string | undefined {
  const row = packages.find(({ name }) => specifier === name || specifier.startsWith(`${name}/`))
  if (row === undefined) return `${specifier} is not a package the library may use`
  if (!row.places.some((path) => within(place, path))) return `${row.name} belongs to ${row.places.join(', ')}`
  return kind === 'static' && !row.dependency
    ? `${row.name} is optional: \`import type\` or \`await import()\` only`
    : undefined
}

function layerOf(place: string): Layer | undefined {
  const candidates = layers.filter(({ path }) => within(place, path))
  return candidates.sort((a, b) => b.path.length - a.path.length)[0]
}

function nameOf({ path }: Layer): string {
  return path === '.' ? 'the files beside index.ts' : path
}

/** `stylesheet` covers stylesheet.ts and stylesheet/…; `core/spec` does not cover core/specification.ts. */
function within(place: string, path: string): boolean {
  if (path === '.') return !place.includes('/')
  return place === path || place.startsWith(`${path}/`) || place === `${path}.ts`
}

function isTest(place: string): boolean {
  return /\.(?:browser-)?test\.ts$/.test(place)
}

function isFree(place: string): boolean {
  return isTest(place) || within(place, testingFolder)
}

if (import.meta.main) {
  const count = projectFiles(projectRoot, library).length
  report('layers', checkLayers(projectRoot), `${count} files`)
}
