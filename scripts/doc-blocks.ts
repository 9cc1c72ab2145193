/** One fenced block of a Markdown page. */
export interface DocBlock {
  readonly file: string
  /** 1-based line of the first line inside the fence. */
  readonly line: number
  /** First word after the fence, in lower case. */
  readonly language: string
  /** The other words after the fence, such as `norun`. */
  readonly flags: readonly string[]
  readonly text: string
}

const fence = /^(?<indent>\s*)(?<marks>`{3,}|~{3,})(?<info>.*)$/

/** Every fenced block of a page, in order. The indent of the fence is taken off its lines, as in a list. */
export function docBlocks(file: string, page: string): DocBlock[] {
  const lines = page.split(/\r?\n/)
  const blocks: DocBlock[] = []
  for (let index = 0; index < lines.length; index++) {
    const { indent = '', marks, info = '' } = fence.exec(lines[index] ?? '')?.groups ?? {}
    if (marks === undefined) continue
    const end = closingLine(lines, index + 1, marks)
    const [language = '', ...flags] = info.trim().split(/\s+/)
    const inside = lines
      .slice(index + 1, end)
      .map((line) => (line.startsWith(indent) ? line.slice(indent.length) : line))
    const text = inside.map((line) => `${line}\n`).join('')
    blocks.push({ file, line: index + 2, language: language.toLowerCase(), flags, text })
    index = end
  }
  return blocks
}

function closingLine(lines: readonly string[], from: number, marks: string): number {
  const closing = lines.findIndex((line, index) => {
    const text = line.trim()
    return index >= from && text.startsWith(marks) && text === marks.charAt(0).repeat(text.length)
  })
  return closing === -1 ? lines.length : closing
}
