import { z } from 'zod'
import { bare, notesOf } from './key-notes.ts'
import { nearestName } from './nearest-name.ts'

export type Environment = Readonly<Record<string, string | undefined>>

/** A key that holds a value, not other keys. */
export interface Leaf {
  readonly path: readonly string[]
  readonly schema: z.ZodType
  readonly kind: 'text' | 'number' | 'boolean' | 'list' | 'json'
}

function kindOf(schema: z.ZodType): Leaf['kind'] {
  const inner = bare(schema)
  if (inner instanceof z.ZodNumber) return 'number'
  if (inner instanceof z.ZodBoolean) return 'boolean'
  // What is neither true nor false is handed on as the text it is.
  if (inner instanceof z.ZodUnion && inner.options.some((one) => one instanceof z.ZodBoolean)) return 'boolean'
  if (inner instanceof z.ZodRecord) return 'json'
  if (!(inner instanceof z.ZodArray)) return 'text'
  return bare(inner.element as z.ZodType) instanceof z.ZodObject ? 'json' : 'list'
}

/** Every leaf of a schema, in its order. */
export function leavesOf(schema: z.ZodType, path: readonly string[] = []): Leaf[] {
  const inner = bare(schema)
  if (!(inner instanceof z.ZodObject)) return [{ path, schema, kind: kindOf(schema) }]
  return Object.entries(inner.shape as Record<string, z.ZodType>).flatMap(([name, child]) =>
    leavesOf(child, [...path, name]),
  )
}

/** `lifetimes.accessToken` is set by `CARDEA_LIFETIMES_ACCESS_TOKEN`. */
export const variableOf = (path: readonly string[]): string =>
  `CARDEA_${path.map((part) => part.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toUpperCase()).join('_')}`

export const hasFileVariant = (leaf: Leaf): boolean => notesOf(leaf.schema)?.secret === true

/** Read by the command line itself, not part of the configuration. */
const otherVariables = ['CARDEA_CONFIG', 'CARDEA_PASSWORD', 'CARDEA_CLIENT_SECRET', 'CARDEA_OAUTH1_SECRET']

// Kubernetes tells every pod of a service named "cardea" its address in variables of these names.
const serviceLink = /^CARDEA_(?:SERVICE_(?:HOST|PORT)(?:_\w+)?|PORT_\d+_(?:TCP|UDP)(?:_\w+)?)$/

export interface FromEnvironment {
  readonly values: readonly { readonly leaf: Leaf; readonly variable: string; readonly value: unknown }[]
  readonly problems: readonly string[]
}

function parsed(leaf: Leaf, text: string): unknown {
  // What does not parse is handed on as it is: the schema then says what it got and what is valid.
  if (leaf.kind === 'number') return /^-?\d+(?:\.\d+)?$/.test(text.trim()) ? Number(text) : text
  if (leaf.kind === 'boolean')
    return { true: true, '1': true, false: false, '0': false }[text.trim().toLowerCase()] ?? text
  if (leaf.kind === 'list')
    return text
      .split(/[,\n]/)
      .map((part) => part.trim())
      .filter((part) => part !== '')
  if (leaf.kind === 'json') {
    try {
      return JSON.parse(text)
    } catch {
      return text
    }
  }
  return text
}

/**
 * Reads the configuration out of environment variables. An empty variable counts as not set.
 * @param readFile reads the file a `…_FILE` variable names
 */
export function fromEnvironment(
  schema: z.ZodType,
  env: Environment,
  readFile: (path: string) => string,
): FromEnvironment {
  const leaves = leavesOf(schema)
  const problems: string[] = []
  const values: { leaf: Leaf; variable: string; value: unknown }[] = []
  const known = new Set(otherVariables)
  for (const leaf of leaves) {
    const variable = variableOf(leaf.path)
    const fileVariable = `${variable}_FILE`
    known.add(variable)
    if (hasFileVariant(leaf)) known.add(fileVariable)
    const direct = env[variable]
    const file = hasFileVariant(leaf) ? env[fileVariable] : undefined
    if (direct && file) problems.push(`${fileVariable}: set this or ${variable}, not both`)
    else if (file) {
      try {
        values.push({ leaf, variable: fileVariable, value: parsed(leaf, readFile(file)) })
      } catch (error) {
        problems.push(
          `${fileVariable}: got ${JSON.stringify(file)}; must be a file that can be read (${reasonOf(error)})`,
        )
      }
    } else if (direct && !(variable === 'CARDEA_PORT' && direct.startsWith('tcp://'))) {
      values.push({ leaf, variable, value: parsed(leaf, direct) })
    }
  }
  if (env.PORT && !values.some(({ variable }) => variable === 'CARDEA_PORT')) {
    const leaf = leaves.find(({ path }) => path.join('.') === 'port')
    if (leaf !== undefined) values.push({ leaf, variable: 'PORT', value: parsed(leaf, env.PORT) })
  }
  return { values, problems: [...problems, ...unknownVariables(env, known)] }
}

function unknownVariables(env: Environment, known: ReadonlySet<string>): string[] {
  return Object.keys(env)
    .filter((name) => name.startsWith('CARDEA_') && !known.has(name) && !serviceLink.test(name))
    .map((name) => {
      const near = nearestName(name, [...known])
      return `${name}: is not a variable of Cardea${near === undefined ? '' : `; did you mean ${near}?`}`
    })
}

export const reasonOf = (error: unknown): string =>
  error instanceof Error ? ((error as NodeJS.ErrnoException).code ?? error.message) : String(error)
