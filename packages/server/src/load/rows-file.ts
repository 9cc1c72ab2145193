import { readFileSync } from 'node:fs'
import { isMap, isNode, isScalar, LineCounter, parseDocument } from 'yaml'
import { reasonOf } from '../config/environment.ts'
import { InvalidInput, problemsFrom } from '../config/problems.ts'
import type { LocatedRows, Path } from './located-rows.ts'
import { rowsSchema } from './rows.ts'

/** JSON is YAML, so one parser gives the lines of both. */
function parsed(text: string, name: string): { value: unknown; lineOf(path: Path): number | undefined } {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true })
  const [error] = document.errors
  if (error !== undefined) {
    throw new InvalidInput([
      `${name}:${lines.linePos(error.pos[0]).line}: ${error.message.split('\n', 1)[0]?.replace(/:$/, '')}`,
    ])
  }
  const lineOf = (path: Path): number | undefined => {
    for (let length = path.length; length > 0; length -= 1) {
      const parent = length === 1 ? document.contents : document.getIn(path.slice(0, length - 1), true)
      const at = path[length - 1]
      const pair = isMap(parent) ? parent.items.find(({ key }) => isScalar(key) && key.value === at) : undefined
      const node = pair?.key ?? document.getIn(path.slice(0, length), true)
      if (isNode(node) && node.range) return lines.linePos(node.range[0]).line
    }
    return undefined
  }
  return { value: document.toJS({ maxAliasCount: 100 }), lineOf }
}

/** @throws InvalidInput with every problem, each with its line */
export function parseRows(text: string, name: string): LocatedRows {
  const { value, lineOf } = parsed(text, name)
  const locate = (path: Path): string => {
    const line = lineOf(path)
    return line === undefined ? '' : ` (line ${line})`
  }
  const input = value ?? {}
  const result = rowsSchema.safeParse(input)
  if (result.success) return { rows: result.data, locate }
  const problems = problemsFrom(rowsSchema, input, result.error.issues)
  throw new InvalidInput(problems.map(({ key, path, text: what }) => `${key || name}${locate(path)}: ${what}`))
}

/** @throws InvalidInput */
export function readRowsFile(file: string, name: string): LocatedRows {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    const reason = reasonOf(error)
    throw new InvalidInput([`${name}: ${reason === 'ENOENT' ? 'there is no such file' : `cannot be read (${reason})`}`])
  }
  return parseRows(text, name)
}
