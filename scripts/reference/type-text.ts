import { type Node, SyntaxKind } from 'typescript/unstable/ast'
import { NodeBuilderFlags, SignatureKind, type Type } from 'typescript/unstable/sync'
import type { Source } from './library-entries.ts'

const flags =
  NodeBuilderFlags.NoTruncation |
  NodeBuilderFlags.MultilineObjectLiterals |
  NodeBuilderFlags.UseAliasDefinedOutsideCurrentScope |
  NodeBuilderFlags.UseSingleQuotesForStringLiteralType

const tidy = (text: string): string => text.replace(/;$/gm, '').replaceAll('    ', '  ').trim()

/** A type, as it is read at that place. */
export const typeText = ({ project }: Source, type: Type, at: Node): string =>
  tidy(project.checker.typeToString(type, at, flags))

const textsOf = (source: Source, type: Type, at: Node, kind: SignatureKind, as: SyntaxKind): string[] => {
  const { checker, emitter } = source.project
  return checker.getSignaturesOfType(type, kind).flatMap((signature) => {
    const node = checker.signatureToSignatureDeclaration(signature, as, at, flags)
    return node === undefined ? [] : [tidy(emitter.printNode(node))]
  })
}

/** Parameters and result of everything that a value of this type can be called with. */
export const callTexts = (source: Source, type: Type, at: Node): string[] =>
  textsOf(source, type, at, SignatureKind.Call, SyntaxKind.CallSignature)

/** The same for `new`. */
export const constructTexts = (source: Source, type: Type, at: Node): string[] =>
  textsOf(source, type, at, SignatureKind.Construct, SyntaxKind.ConstructSignature)
