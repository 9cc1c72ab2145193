import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { withoutAliases } from './aliases.ts'
import { assertionFeatures } from './assertion-schema.ts'
import { findConfigFile, isMap, readConfigFile } from './config-file.ts'
import { type Environment, fromEnvironment } from './environment.ts'
import { presetFeatures } from './preset-schema.ts'
import { InvalidInput, problemsFrom } from './problems.ts'
import { proofFeatures } from './proof-schema.ts'
import { requestFeatures } from './request-schema.ts'
import { type Config, configSchema } from './schema.ts'

export interface ConfigRequest {
  readonly cwd: string
  readonly env: Environment
  /** `--config`; else `CARDEA_CONFIG`, else the file in the folder. */
  readonly file?: string | undefined
  /** Values of command line options, by dotted key: they win over everything. */
  readonly options?: Readonly<Record<string, unknown>>
}

export interface ReadConfig {
  readonly config: Config
  /** Absolute path of the file it came from, where there was one. */
  readonly file: string | undefined
  readonly warnings: readonly string[]
}

function place(input: Record<string, unknown>, path: readonly string[], value: unknown): void {
  const [first = '', ...rest] = path
  if (rest.length === 0) {
    input[first] = value
    return
  }
  const child = isMap(input[first]) ? { ...input[first] } : {}
  input[first] = child
  place(child, rest, value)
}

/** `oauth1: true` and the like are short for the map that says the same, one path for the list of it. */
function spelledOut(input: Record<string, unknown>): void {
  for (const feature of [
    'oauth1',
    'deviceGrant',
    ...assertionFeatures,
    ...requestFeatures,
    ...proofFeatures,
    ...presetFeatures,
  ])
    if (typeof input[feature] === 'boolean') input[feature] = { enabled: input[feature] }
  if (!isMap(input.paths)) return
  const lists = Object.entries(input.paths).map(([name, path]) => [name, typeof path === 'string' ? [path] : path])
  input.paths = Object.fromEntries(lists)
}

/**
 * Defaults, then the file, then the environment, then options: the later wins.
 * @throws InvalidInput with every problem at once, each naming its key and where it was set
 */
export async function readConfig(request: ConfigRequest): Promise<ReadConfig> {
  const file = findConfigFile(request.cwd, request.file ?? (request.env.CARDEA_CONFIG || undefined))
  const { input, sources, problems, warnings } = withoutAliases(file === undefined ? {} : await readConfigFile(file))
  spelledOut(input)
  const setBy = new Map(sources)
  const environment = fromEnvironment(configSchema, request.env, (path) =>
    readFileSync(resolve(request.cwd, path), 'utf8').trim(),
  )
  for (const { leaf, variable, value } of environment.values) {
    place(input, leaf.path, value)
    setBy.set(leaf.path.join('.'), variable)
  }
  for (const [key, value] of Object.entries(request.options ?? {})) {
    if (value === undefined) continue
    place(input, key.split('.'), value)
    setBy.set(key, `--${key.split('.')[0]}`)
  }
  const result = configSchema.safeParse(input)
  const found = result.success ? [] : problemsFrom(configSchema, input, result.error.issues)
  const lines = found.map(({ key, text }) => {
    const source = setBy.get(key.replace(/\[.*$/, ''))
    return `${key}${source === undefined ? '' : ` (from ${source})`}: ${text}`
  })
  const all = [...problems, ...environment.problems, ...lines]
  if (all.length > 0 || !result.success) throw new InvalidInput(all)
  return { config: result.data, file, warnings }
}
