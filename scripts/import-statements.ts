import { lineAt } from './findings.ts'

export interface ImportStatement {
  readonly specifier: string
  readonly line: number
  /** `dynamic` is `import('x')` evaluated at run time; `type` leaves nothing behind in the built file. */
  readonly kind: 'static' | 'type' | 'dynamic'
}

const statement = /^[ \t]*(?:import|export)\b(?<clause>[^'"`;=()]*?)\bfrom\s*(['"])(?<specifier>[^'"\n]+)\2/gm
const sideEffect = /^[ \t]*import\s*(['"])(?<specifier>[^'"\n]+)\1/gm
const call =
  /(?<typeof>\btypeof\s+)?\b(?:import|require|getBuiltinModule)\s*\(\s*(['"])(?<specifier>[^'"\n]+)\2\s*\)(?<member>\s*\.\s*[A-Z])?/g

/** Every module a TypeScript source names, in order of appearance. Comments do not count. */
export function importStatements(source: string): ImportStatement[] {
  const text = withoutComments(source)
  const found: (ImportStatement & { readonly offset: number })[] = []
  const add = (match: RegExpExecArray, kind: ImportStatement['kind']): void => {
    const offset = match.index + (match[0].length - match[0].trimStart().length)
    found.push({ specifier: match.groups?.specifier ?? '', line: lineAt(text, offset), kind, offset })
  }
  for (const match of text.matchAll(statement)) add(match, isTypeClause(match.groups?.clause ?? '') ? 'type' : 'static')
  for (const match of text.matchAll(sideEffect)) add(match, 'static')
  for (const match of text.matchAll(call)) {
    // `import('x').Name` and `typeof import('x')` are types: a module's promise has no capitalised members.
    add(match, match.groups?.typeof || match.groups?.member ? 'type' : 'dynamic')
  }
  return found.sort((a, b) => a.offset - b.offset).map(({ specifier, line, kind }) => ({ specifier, line, kind }))
}

function isTypeClause(clause: string): boolean {
  if (/^\s+type\b(?!\s+from\b)/.test(clause)) return true
  const names = /^\s*\{(?<names>[^}]*)\}\s*$/.exec(clause)?.groups?.names?.split(',') ?? []
  const named = names.map((name) => name.trim()).filter((name) => name !== '')
  return named.length > 0 && named.every((name) => name.startsWith('type '))
}

const literalOrComment = /'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`|\/\/[^\n]*|\/\*[\s\S]*?\*\//g

/** Blanks comments and template literals and keeps every line where it was. */
function withoutComments(source: string): string {
  return source.replace(literalOrComment, (piece) =>
    piece.startsWith("'") || piece.startsWith('"') ? piece : piece.replace(/[^\n]/g, ' '),
  )
}
