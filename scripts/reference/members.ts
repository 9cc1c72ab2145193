import type { Node } from 'typescript/unstable/ast'
import { type Symbol as Named, SignatureKind, SymbolFlags, type Type } from 'typescript/unstable/sync'
import type { DescribedMember } from './described-export.ts'
import { docstringOf } from './docstring.ts'
import type { Source } from './library-entries.ts'
import { callTexts, typeText } from './type-text.ts'

/** What an interface or the instances of a class have, inherited members too where the project itself declares them. */
export const membersOf = (source: Source, symbol: Named): DescribedMember[] => {
  const { checker } = source.project
  return checker
    .getPropertiesOfType(checker.getDeclaredTypeOfSymbol(symbol))
    .flatMap((member) => memberOf(source, member))
}

/** What is in an object that a function returns without naming its type, such as the parts of a protector. */
export function returnedMembers(source: Source, type: Type): DescribedMember[] {
  const { checker } = source.project
  return checker.getSignaturesOfType(type, SignatureKind.Call).flatMap((signature) => {
    const returned = checker.getReturnTypeOfSignature(signature)
    if (returned === undefined || returned.getAliasSymbol() !== undefined) return []
    const isAnonymous = /^__(?:type|object)$/.test(returned.getSymbol()?.escapedName ?? '')
    return isAnonymous ? checker.getPropertiesOfType(returned).flatMap((property) => memberOf(source, property)) : []
  })
}

interface Declared {
  readonly type?: Node
  readonly parameters?: unknown
}

function memberOf(source: Source, member: Named): DescribedMember[] {
  const { checker } = source.project
  const node = member.declarations[0]?.resolve(source.project)
  // Private ones, type parameters, constructors and call signatures are no members to read.
  if (node === undefined || (member.flags & readable) === 0 || isHidden(member, node) || isForeign(source, node))
    return []
  const type = checker.getTypeOfSymbol(member)
  if (type === undefined) return []
  const { type: written, parameters } = node as Declared
  const isMethod = parameters !== undefined && (member.flags & SymbolFlags.Accessor) === 0
  const shown = isMethod
    ? callTexts(source, type, node).join(' / ')
    : (written?.getText() ?? typeText(source, type, node))
  return [
    {
      name: member.name,
      optional: (member.flags & SymbolFlags.Optional) !== 0,
      type: shown.replace(/\s+/g, ' '),
      text: docstringOf(checker, member),
    },
  ]
}

const readable = SymbolFlags.Property | SymbolFlags.Method | SymbolFlags.Accessor | SymbolFlags.Function

/** The compiler names what begins with `#` anew in every run. */
const isHidden = (member: Named, node: Node): boolean =>
  member.name.includes('#') || /^(?:private|protected) /.test(node.getText())

/** Of Node.js or of another package: described there. */
const isForeign = ({ root }: Source, node: Node): boolean => {
  const { fileName } = node.getSourceFile()
  return !fileName.startsWith(root) || fileName.includes('/node_modules/')
}
