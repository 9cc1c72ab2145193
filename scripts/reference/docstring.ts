import type { Checker, Symbol as Named } from 'typescript/unstable/sync'

/** A docstring as prose: its lines joined, each `@throws` a sentence of its own. */
export function docstringOf(checker: Checker, symbol: Named): string {
  const throws = checker
    .getJsDocTagsOfSymbol(symbol)
    .flatMap(({ name, text }) => (name === 'throws' ? [`Throws ${joined(text ?? '')}`] : []))
  return [joined(checker.getDocumentationCommentOfSymbol(symbol)), ...throws.map(ended)].filter(Boolean).join(' ')
}

const joined = (text: string): string => text.replace(/\s+/g, ' ').trim()

const ended = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`)
