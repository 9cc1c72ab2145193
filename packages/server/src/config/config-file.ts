import { existsSync, readFileSync } from 'node:fs'
import { extname, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { reasonOf } from './environment.ts'
import { InvalidInput } from './problems.ts'

export const configNames = ['ts', 'js', 'mjs', 'yaml', 'yml', 'json'].map((extension) => `cardea.config.${extension}`)

export const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The file that is asked for, or the one that lies in the folder. Several are refused: it would be a guess which counts. */
export function findConfigFile(cwd: string, asked: string | undefined): string | undefined {
  if (asked !== undefined) return resolve(cwd, asked)
  const present = configNames.filter((name) => existsSync(resolve(cwd, name)))
  if (present.length > 1) throw new InvalidInput([`${present.join(' and ')}: keep one, or name it with --config`])
  return present[0] === undefined ? undefined : resolve(cwd, present[0])
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    // Some messages quote what stands around the fault: in this file that may be a secret.
    throw new Error(error instanceof Error ? error.message.replace(/, (?:\.\.\.)?".*$/s, '') : 'is not JSON')
  }
}

async function contentOf(file: string): Promise<unknown> {
  switch (extname(file)) {
    case '.json':
      return parseJson(readFileSync(file, 'utf8'))
    case '.yaml':
    case '.yml': {
      // Loaded when it is needed: the time to the first token counts.
      const { parse: parseYaml } = await import('yaml')
      return parseYaml(readFileSync(file, 'utf8'))
    }
    case '.ts':
    case '.mts':
    case '.js':
    case '.mjs': {
      const module: { default?: unknown } = await import(pathToFileURL(file).href)
      if (module.default === undefined) throw new Error('it has no default export: write `export default { … }`')
      return module.default
    }
    default:
      throw new Error('the name must end in .ts, .js, .mjs, .yaml, .yml or .json')
  }
}

/** @throws InvalidInput with one line that names the file */
export async function readConfigFile(file: string): Promise<Record<string, unknown>> {
  let content: unknown
  try {
    content = await contentOf(file)
  } catch (error) {
    const reason = reasonOf(error) === 'ENOENT' ? 'there is no such file' : error instanceof Error ? error.message : ''
    throw new InvalidInput([`${file}: ${reason.split('\n', 1)[0]}`])
  }
  if (content === null || content === undefined) return {}
  if (!isMap(content))
    throw new InvalidInput([
      `${file}: got ${Array.isArray(content) ? 'a list' : typeof content}; must be a map of keys`,
    ])
  return content
}
