import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Finding, lineAt, report } from './findings.ts'
import { projectFiles, projectRoot } from './project-files.ts'
import { publicSurface } from './public-surface.ts'

const commentOrText = /\/\*[\s\S]*?\*\/|\/\/.*|'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"/g

/** Every `any` in emitted declarations: there, the inferred ones are written out too. */
export function anyFindings(file: string, declarations: string): Finding[] {
  const code = declarations.replace(commentOrText, (text) => text.replace(/[^\n]/g, ' '))
  return [...code.matchAll(/\bany\b/g)].map(({ index }) => ({
    file,
    line: lineAt(code, index),
    rule: 'any, in what hosts see',
  }))
}

interface Manifest {
  readonly exports: Readonly<Record<string, string | Readonly<Record<string, string>>>>
}

if (import.meta.main) {
  const folder = join(projectRoot, 'packages/cardea')
  const manifest: Manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  const entries = Object.values(manifest.exports).flatMap((entry) =>
    typeof entry === 'string' ? [] : [join(folder, entry['cardea-source'] ?? '')],
  )
  const { findings, names } = publicSurface(projectRoot, join(folder, 'tsconfig.json'), entries)
  const declarations = projectFiles(folder, 'dist').filter((file) => file.endsWith('.d.ts'))
  const untyped = declarations.flatMap((file) =>
    anyFindings(`packages/cardea/${file}`, readFileSync(join(folder, file), 'utf8')),
  )
  report('public surface', [...findings, ...untyped], `${names} names in ${entries.length} entries`)
}
