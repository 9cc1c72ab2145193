import { posix } from 'node:path'
import { type Finding, lineAt } from './findings.ts'

export interface DocPages {
  /** Text by path. */
  readonly pages: ReadonlyMap<string, string>
  /** Whether a file or folder exists, relative to the project. */
  readonly exists: (path: string) => boolean
}

/** Code is not read: what looks like a link or a heading there is none. Lines stay where they are. */
const withoutCode = (text: string): string =>
  text.replace(/^([ \t]*)(`{3,}|~{3,})[\s\S]*?^\1\2/gm, (code) => code.replace(/[^\n]/g, ' '))

/** What GitHub calls the headings of a page in an address. */
export function anchorsOf(page: string): ReadonlySet<string> {
  const anchors = new Set<string>()
  for (const [, title = ''] of withoutCode(page).matchAll(/^#{1,6} (.*)$/gm)) {
    const shown = title.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').toLowerCase()
    const name = shown
      .replace(/[^\p{L}\p{N}_\- ]/gu, '')
      .trim()
      .replaceAll(' ', '-')
    let free = name
    for (let count = 1; anchors.has(free); count += 1) free = `${name}-${count}`
    anchors.add(free)
  }
  return anchors
}

/** Links to files that are not there, and to headings that a page does not have. */
export function linkFindings({ pages, exists }: DocPages): Finding[] {
  const anchors = new Map([...pages].map(([file, page]) => [file, anchorsOf(page)]))
  return [...pages].flatMap(([file, page]) => {
    const text = withoutCode(page)
    return [...text.matchAll(/\]\((?!\w+:)(?<path>[^)\s#]*)(?:#(?<anchor>[^)\s]*))?\)/g)].flatMap((link) => {
      const { path = '', anchor } = link.groups ?? {}
      const target = path === '' ? file : posix.join(posix.dirname(file), path)
      const isThere = pages.has(target) || exists(target)
      const hasAnchor = anchor === undefined || anchors.get(target)?.has(anchor) !== false
      if (isThere && hasAnchor) return []
      const rule = isThere ? `${target} has no heading #${anchor}` : `there is no ${target}`
      return [{ file, line: lineAt(text, link.index), rule }]
    })
  })
}
