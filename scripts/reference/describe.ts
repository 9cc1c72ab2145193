import { relative } from 'node:path'
import type { Node } from 'typescript/unstable/ast'
import { isClassDeclaration, isInterfaceDeclaration, isTypeAliasDeclaration } from 'typescript/unstable/ast/is'
import { type Symbol as Named, SymbolFlags } from 'typescript/unstable/sync'
import { lineAt } from '../findings.ts'
import type { DescribedExport } from './described-export.ts'
import { docstringOf } from './docstring.ts'
import type { Source } from './library-entries.ts'
import { membersOf, returnedMembers } from './members.ts'
import { callTexts, constructTexts, typeText } from './type-text.ts'

type Shape = Pick<DescribedExport, 'kind' | 'signatures' | 'inherits' | 'members'>

/** What a host reads of one export. */
export function describe(source: Source, name: string, symbol: Named): DescribedExport {
  const nodes = symbol.declarations.flatMap((handle) => handle.resolve(source.project) ?? [])
  const [first] = nodes
  if (first === undefined) throw new Error(`${name}: is declared nowhere`)
  const file = first.getSourceFile()
  return {
    name,
    text: docstringOf(source.project.checker, symbol),
    ...shapeOf(source, name, symbol, first),
    file: relative(source.root, file.fileName),
    line: lineAt(file.text, first.getStart(file)),
  }
}

function shapeOf(source: Source, name: string, symbol: Named, node: Node): Shape {
  const { checker } = source.project
  if (isTypeAliasDeclaration(node)) return { ...nothing, kind: 'type', signatures: [withoutExport(node)] }
  if (isInterfaceDeclaration(node)) {
    const signatures = callTexts(source, checker.getDeclaredTypeOfSymbol(symbol), node).map((text) => `${name}${text}`)
    return { kind: 'interface', signatures, inherits: heritage(node), members: membersOf(source, symbol) }
  }
  const type = checker.getTypeOfSymbol(symbol)
  if (type === undefined || (symbol.flags & SymbolFlags.Value) === 0) throw new Error(`${name}: is of no known kind`)
  if (isClassDeclaration(node)) {
    const signatures = constructTexts(source, type, node)
    return { kind: 'class', signatures, inherits: heritage(node), members: membersOf(source, symbol) }
  }
  const calls = callTexts(source, type, node)
  if (calls.length === 0)
    return { ...nothing, kind: 'constant', signatures: [`const ${name}: ${typeText(source, type, node)}`] }
  const signatures = calls.map((text) => `function ${name}${text}`)
  return { ...nothing, kind: 'function', signatures, members: returnedMembers(source, type) }
}

const nothing = { signatures: [], inherits: [], members: [] }

interface Heir {
  readonly heritageClauses?: readonly { readonly types: readonly Node[] }[] | undefined
}

const heritage = ({ heritageClauses = [] }: Heir): string[] =>
  heritageClauses.flatMap(({ types }) => types.map((type) => type.getText()))

const withoutExport = (node: Node): string => node.getText().replace(/^export /, '')
