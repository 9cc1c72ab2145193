import type { ProvenRow } from './inventory.ts'

const introduction = `# Behaviour inventory

What predecessors do, what their users ask for and what went wrong elsewhere, row by row, with the tests that prove each
row here. Generated from the titles of the tests, \`conformance/inventory/rows.json\` and
\`conformance/inventory/covers.json\`: \`npm run generate\`. Rows without a test say why.

| Kind | Meaning |
|---|---|
| M | as the predecessor does it: Authlib for rows A1 and A2, django-oauth2-server for rows DJO |
| B | better than the predecessor, whose behaviour is wrong or weak here |
| H | a place where a host extends or replaces something |
| C | behind a named switch only |
| N | missing in the predecessor |
| A | asked for by users of Authlib |
| S | a flaw that was found elsewhere |
| P | a promise of this project |
`

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('<', '&lt;').replace(/\s+/g, ' ')

function proof({ tests, reason }: ProvenRow): string {
  const stated = tests.map(({ title, file }) => `${cell(title)} ([${file.split('/').at(-1)}](../${file}))`)
  return [...(reason === undefined ? [] : [`_${cell(reason)}_`]), ...new Set(stated)].join('<br>')
}

/** The page: one table per section, in the order of the inventory. */
export function inventoryPage(
  sections: readonly { readonly section: string; readonly title: string }[],
  rows: readonly ProvenRow[],
): string {
  const tested = rows.filter(({ tests }) => tests.length > 0).length
  const lines = [introduction, `${tested} of ${rows.length} rows have tests.`, '']
  for (const { section, title } of sections) {
    lines.push(`## ${section} ${title}`, '', '| Row | Kind | Behaviour | Tests |', '|---|---|---|---|')
    for (const row of rows.filter((each) => each.section === section)) {
      lines.push(`| ${row.id} | ${[...row.tag].join(', ')} | ${cell(row.behaviour)} | ${proof(row)} |`)
    }
    lines.push('')
  }
  return lines.join('\n')
}
