import type { DescribedEntry, DescribedExport, DescribedMember } from './described-export.ts'
import { cell, code } from './reference-page.ts'

interface Group {
  readonly described: DescribedExport
  readonly specifiers: readonly string[]
}

/** Every object of options that something takes, and the objects inside them. */
export function optionsPage(entries: readonly DescribedEntry[]): string {
  const groups = groupsOf(entries)
  const names = new Set(groups.map(({ described }) => described.name))
  return [
    '# Options',
    'Generated from the types and their docstrings by `npm run generate`; change those. Options of the server are in\n' +
      '[Configuration](configuration.md). A name with a question mark may be left out.',
    ...groups.flatMap((group) => sectionOf(group, names, isShared(groups, group))),
  ]
    .join('\n\n')
    .concat('\n')
}

function groupsOf(entries: readonly DescribedEntry[]): Group[] {
  const groups = new Map<string, Group>()
  const add = (described: DescribedExport, specifier: string): void => {
    // One declaration may be exported by several entries, and under several names.
    const key = `${described.file}:${described.line}`
    const known = groups.get(key)
    groups.set(key, { described: known?.described ?? described, specifiers: [...(known?.specifiers ?? []), specifier] })
  }
  for (const { specifier, exports } of entries) {
    const interfaces = exports.filter(({ kind }) => kind === 'interface').sort(mostMembersFirst)
    for (const options of interfaces.filter(({ name }) => name.endsWith('Options'))) {
      add(options, specifier)
      const inner = new Set(options.members.flatMap(({ type }) => partsOf(type)))
      for (const part of interfaces) if (inner.has(part.name)) add(part, specifier)
    }
  }
  return [...groups.values()]
}

const mostMembersFirst = (a: DescribedExport, b: DescribedExport): number => b.members.length - a.members.length

/** `Lifetimes` in `Partial<Lifetimes>`: an object of options inside another. */
const partsOf = (type: string): string[] => [...type.matchAll(/Partial<(?:Omit<)?(\w+)/g)].map(([, name = '']) => name)

/** Whether another entry has options of this name, which are others. */
const isShared = (groups: readonly Group[], { described }: Group): boolean =>
  groups.filter((group) => group.described.name === described.name).length > 1

function sectionOf({ described, specifiers }: Group, names: ReadonlySet<string>, shared: boolean): string[] {
  const { name, text, members } = described
  const from = [...new Set(specifiers)].map((one) => `\`${one}\``).join(', ')
  return [
    `## ${name}${shared ? ` of ${specifiers[0]}` : ''}`,
    `Of ${from}. ${text}`.trim(),
    [
      '| Option | Type | Default | Meaning |',
      '|---|---|---|---|',
      ...requiredFirst(members).map((one) => row(one, names)),
    ].join('\n'),
  ]
}

const requiredFirst = (members: readonly DescribedMember[]): DescribedMember[] =>
  members.toSorted((a, b) => Number(a.optional) - Number(b.optional))

const linked = (type: string, names: ReadonlySet<string>): string => {
  const [name] = [...type.matchAll(/\w+/g)].map(([word]) => word).filter((word) => names.has(word))
  return name === undefined ? code(type) : `[\`${cell(type)}\`](#${name.toLowerCase()})`
}

/** The sentence of a docstring that tells the default, and the rest. */
export function defaultIn(text: string): { readonly byDefault: string; readonly rest: string } {
  const found = /(?:^|(?<=[.;)] ))Default:? (?<value>(?:[^.`]|`[^`]*`|\.(?!\s|$))+)(?:\.\s*|$)/.exec(text)
  if (found === null) return { byDefault: '', rest: text }
  const rest = `${text.slice(0, found.index)}${text.slice(found.index + found[0].length)}`.trim()
  return { byDefault: found.groups?.value?.trim() ?? '', rest }
}

function row({ name, optional, type, text }: DescribedMember, names: ReadonlySet<string>): string {
  const { byDefault, rest } = defaultIn(text)
  return `| \`${name}${optional ? '?' : ''}\` | ${linked(type, names)} | ${cell(byDefault)} | ${cell(rest)} |`
}
