/** What begins a test in a test file. Rules and cases that several test files share begin otherwise. */
export type TitlePlace = 'test' | 'rule' | 'case'

const quoted = String.raw`(?<quote>['"${'`'}])(?<title>(?:\\.|(?!\k<quote>)[^\\])*)\k<quote>`

const places: Readonly<Record<TitlePlace, RegExp>> = {
  test: new RegExp(String.raw`\b(?:test|it)(?:\.\w+)?\(\s*${quoted}`, 'g'),
  rule: new RegExp(String.raw`\brule\(\s*${quoted}`, 'g'),
  case: new RegExp(String.raw`\btitle:\s*${quoted}`, 'g'),
}

/** The titles of the tests of one file, as they stand in its source: what is put in when it runs is still `${…}`. */
export function titlesIn(source: string, place: TitlePlace = 'test'): string[] {
  return [...source.matchAll(places[place])].map((match) => (match.groups?.title ?? '').replace(/\\(.)/g, '$1'))
}
