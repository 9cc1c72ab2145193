import { relative } from 'node:path'
import { isTypeReferenceNode, type Node, SyntaxKind } from 'typescript/unstable/ast'
import { API, type Checker, type Symbol as Declared, type Project, SymbolFlags } from 'typescript/unstable/sync'
import { type Finding, lineAt } from './findings.ts'

/** What a package gives away, and what is wrong with it. */
export interface PublicSurface {
  /** How many names there are, members included. */
  readonly names: number
  readonly findings: readonly Finding[]
}

/**
 * Looks at every name that the entries export, and at the members of its classes and interfaces: whether each says what
 * it means, and whether what their types are made of can be imported as well.
 * @param root where paths of findings begin
 * @param config path of the package's tsconfig
 * @param entries paths of its source files that hosts import from
 */
export function publicSurface(root: string, config: string, entries: readonly string[]): PublicSurface {
  const api = new API({ cwd: root })
  try {
    const [project] = api.updateSnapshot({ openProjects: [config] }).getProjects()
    if (project === undefined) throw new Error(`${config} is no project`)
    return surfaceOf(root, project, entries)
  } finally {
    api.close()
  }
}

function surfaceOf(root: string, project: Project, entries: readonly string[]): PublicSurface {
  const { checker, program } = project
  const exported = new Map<number, Declared>()
  for (const entry of entries) {
    const file = program.getSourceFile(entry)
    const module = file && checker.getSymbolAtLocation(file)
    if (module === undefined) throw new Error(`${entry} is no module of this project`)
    for (const name of checker.getExportsOfModule(module).map((alias) => meant(checker, alias)))
      exported.set(name.id, name)
  }
  const findings: Finding[] = []
  const find = (symbol: Declared, rule: string): void => {
    const [declaration] = symbol.declarations
    const node = declaration?.resolve()
    const file = declaration && program.getSourceFile(declaration.path)
    if (declaration === undefined || node === undefined || file === undefined) return
    const line = lineAt(file.text, node.getStart(file))
    findings.push({ file: relative(root, declaration.path), line, rule })
  }
  let names = 0
  for (const symbol of exported.values()) {
    for (const { name, part } of [{ name: symbol.name, part: symbol }, ...membersOf(symbol, checker)]) {
      names += 1
      if (checker.getDocumentationCommentOfSymbol(part) === '') find(part, `${name} does not say what it means`)
    }
    for (const type of typesNamedBy(symbol, checker)) {
      if (!exported.has(type.id) && isExported(type))
        find(type, `${type.name}, of which ${symbol.name} is made, cannot be imported`)
    }
  }
  return { names, findings }
}

/** What an `export … from` stands for. */
const meant = (checker: Checker, symbol: Declared): Declared =>
  symbol.flags & SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol

interface Member {
  readonly name: string
  readonly part: Declared
}

/** Members that can be used from outside: no constructor, no `#private` one, no type parameter, nothing internal. */
function membersOf(symbol: Declared, checker: Checker): Member[] {
  return [...symbol.getMembers().values()]
    .filter(({ declarations, flags, name }) => {
      return declarations.length > 0 && !(flags & SymbolFlags.TypeParameter) && !name.startsWith('__')
    })
    .filter((part) => !isInternal(part, checker))
    .map((part) => ({ name: `${symbol.name}.${part.name}`, part }))
}

/** What `@internal` is said of is for our own packages, whatever its type allows. */
const isInternal = (symbol: Declared, checker: Checker): boolean =>
  checker.getJsDocTagsOfSymbol(symbol).some(({ name }) => name === 'internal')

/** Types of this package that the declaration of a name is made of. */
function typesNamedBy(symbol: Declared, checker: Checker): Set<Declared> {
  const types = new Set<Declared>()
  const visit = (node: Node): void => {
    if (hidden.has(node.kind) || isUnseen(nameOf(node), checker)) return
    if (isTypeReferenceNode(node)) {
      const named = checker.getSymbolAtLocation(node.typeName)
      if (named !== undefined) types.add(meant(checker, named))
    }
    node.forEachChild((child) => visit(child))
  }
  for (const declaration of symbol.declarations) {
    const node = declaration.resolve()
    if (node !== undefined) visit(node)
  }
  return types
}

/** Bodies of functions, and what variables are set to: no part of a type. */
const hidden = new Set([
  SyntaxKind.Block,
  SyntaxKind.ArrowFunction,
  SyntaxKind.FunctionExpression,
  SyntaxKind.ObjectLiteralExpression,
])

/** By its module, within this package: what a module keeps to itself need not be known by name. */
function isExported({ declarations }: Declared): boolean {
  const [declaration] = declarations
  const node = declaration?.resolve() as { readonly modifiers?: readonly Node[] } | undefined
  return (
    declaration?.path.includes('/node_modules/') === false &&
    node?.modifiers?.some(({ kind }) => kind === SyntaxKind.ExportKeyword) === true
  )
}

const nameOf = (node: Node): Node | undefined => ('name' in node ? (node.name as Node | undefined) : undefined)

function isUnseen(name: Node | undefined, checker: Checker): boolean {
  if (name === undefined) return false
  if (name.kind === SyntaxKind.PrivateIdentifier) return true
  const symbol = checker.getSymbolAtLocation(name)
  return symbol !== undefined && isInternal(symbol, checker)
}
