import type { DescribedEntry, DescribedExport, DescribedMember } from './described-export.ts'

const notice = 'Generated from the types and their docstrings by `npm run generate`; change those.'

/** Name of an entry's page, such as `stores-memory.md`. */
export const pageName = (specifier: string): string => `${specifier.replaceAll('/', '-')}.md`

/** Text for one cell of a table. */
export const cell = (text: string): string => text.replaceAll('|', '\\|').replace(/\s+/g, ' ').trim()

const isValue = ({ kind }: DescribedExport): boolean => kind === 'class' || kind === 'function' || kind === 'constant'

/** Everything that one entry point exports. */
export function referencePage({ specifier, exports }: DescribedEntry): string {
  const byName = exports.toSorted((a, b) => a.name.localeCompare(b.name, 'en'))
  const values = byName.filter(isValue)
  const types = byName.filter((one) => !isValue(one))
  return [
    `# \`${specifier}\``,
    `${notice} [All entries](README.md).`,
    ...chapter('Values', values),
    ...chapter('Types', types),
  ]
    .join('\n\n')
    .concat('\n')
}

const chapter = (title: string, exports: readonly DescribedExport[]): string[] =>
  exports.length === 0 ? [] : [`## ${title}`, ...exports.map(section)]

function section({ name, kind, text, signatures, inherits, members }: DescribedExport): string {
  const heirs = inherits.length === 0 ? [] : [`Extends ${inherits.map((one) => `\`${one}\``).join(', ')}.`]
  // Not `ts`: these are no programs.
  const fence = signatures.length === 0 ? [] : ['```tsx', ...signatures, '```']
  return [
    `### ${name}`,
    [`*${kind}*`, text, ...heirs].filter(Boolean).join(' '),
    ...(fence.length === 0 ? [] : [fence.join('\n')]),
    ...(members.length === 0 ? [] : [membersTable(members)]),
  ].join('\n\n')
}

const membersTable = (members: readonly DescribedMember[]): string =>
  ['| Member | Type | Meaning |', '|---|---|---|', ...members.map(memberRow)].join('\n')

export const memberRow = ({ name, optional, type, text }: DescribedMember): string =>
  `| \`${name}${optional ? '?' : ''}\` | ${code(type)} | ${cell(text)} |`

/** Code in a cell; GitHub takes a bar in it for the cell's end unless it is escaped. */
export const code = (text: string): string => (text === '' ? '' : `\`${cell(text)}\``)

/** The list of all entries. */
export function referenceIndex(entries: readonly DescribedEntry[]): string {
  const rows = entries.map(({ specifier, exports }) => {
    const values = exports.filter(isValue).map(({ name }) => `\`${name}\``)
    return `| [\`${specifier}\`](${pageName(specifier)}) | ${values.sort().join(', ')} |`
  })
  return [
    '# Reference',
    `${notice} Options have [a page of their own](../options.md).`,
    '| Import | Values |\n|---|---|',
  ]
    .join('\n\n')
    .concat(`\n${rows.join('\n')}\n`)
}
