import type { z } from 'zod'
import { bare, notesOf } from './key-notes.ts'
import { nearestName } from './nearest-name.ts'

/** One thing that is wrong. */
export interface Problem {
  /** Dotted, with indexes in brackets: `clients[0].redirect_uris[1]`. */
  readonly key: string
  /** What it got and what is valid. Holds no secret. */
  readonly text: string
  readonly path: readonly (string | number)[]
}

/** Nothing was started or changed; says everything that is wrong at once. */
export class InvalidInput extends Error {
  readonly problems: readonly string[]

  constructor(problems: readonly string[]) {
    super(problems.join('\n'))
    this.name = 'InvalidInput'
    this.problems = problems
  }
}

export const keyOf = (path: readonly (string | number)[]): string =>
  path
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${part}`))
    .join('')
    .replace(/^\./, '')

const secretName = /secret|password|key$/i

function valueAt(input: unknown, path: readonly (string | number)[]): unknown {
  let value = input
  for (const part of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return undefined
    value = (value as Record<string | number, unknown>)[part]
  }
  return value
}

/** How a value may be shown: cut, on one line, never one of a secret. */
export function shown(value: unknown, secret: boolean): string {
  if (value === undefined) return 'nothing'
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list'
  if (typeof value === 'object' && value !== null) return 'a map'
  if (secret) return typeof value === 'string' ? `a text of ${value.length} characters` : `a ${typeof value}`
  const text = JSON.stringify(value) ?? typeof value
  return text.length > 80 ? `${text.slice(0, 80)}…` : text
}

interface Place {
  readonly schema: z.ZodType | undefined
  readonly secret: boolean
  readonly valid: string | undefined
}

/** The schema at a path. Rows inside a secret list (clients, users) are shown; only their secrets are not. */
function placeOf(root: z.ZodType, path: readonly (string | number)[]): Place {
  let schema: z.ZodType | undefined = root
  let place: Place = { schema: root, secret: false, valid: undefined }
  for (const part of path) {
    const definition: { shape?: Record<string, z.ZodType>; element?: z.ZodType; valueType?: z.ZodType } =
      schema === undefined ? {} : (bare(schema).def as object)
    schema = typeof part === 'number' ? definition.element : (definition.shape?.[part] ?? definition.valueType)
    const notes = schema === undefined ? undefined : notesOf(schema)
    const isRow = schema !== undefined && (bare(schema).def as { type: string }).type === 'object'
    const secret =
      !isRow &&
      (place.secret ||
        notes?.secret === true ||
        (typeof part === 'string' && secretName.test(part) && !/_(?:method|expires_at)$/.test(part)))
    place = { schema, secret, valid: notes?.valid }
  }
  return place
}

function unknownKeys(root: z.ZodType, path: readonly (string | number)[], keys: readonly string[]): Problem[] {
  const { schema } = placeOf(root, path)
  const valid = Object.keys((schema === undefined ? {} : (bare(schema).def as { shape?: object }).shape) ?? {})
  return keys.map((key) => {
    const near = nearestName(key, valid)
    const advice = near === undefined ? `valid: ${valid.join(', ')}` : `did you mean ${keyOf([...path, near])}?`
    return { key: keyOf([...path, key]), path: [...path, key], text: `is not a key; ${advice}` }
  })
}

/** A list's items are described by the list's notes. */
function validAt(root: z.ZodType, path: readonly (string | number)[]): string | undefined {
  const own = placeOf(root, path).valid
  return own === undefined && typeof path.at(-1) === 'number' ? placeOf(root, path.slice(0, -1)).valid : own
}

/** Zod's issues as problems that name the key, what it got and what is valid. */
export function problemsFrom(root: z.ZodType, input: unknown, issues: readonly z.core.$ZodIssue[]): Problem[] {
  return issues.flatMap((issue): Problem[] => {
    const path = issue.path.filter((part) => typeof part !== 'symbol')
    if (issue.code === 'unrecognized_keys') return unknownKeys(root, path, issue.keys)
    const value = valueAt(input, path)
    const valid = validAt(root, path)
    const custom = issue.code === 'custom' || issue.message.startsWith('must be')
    const rule = custom ? issue.message.replace(/^must be /, '') : valid
    const must = rule === undefined ? lowerFirst(issue.message) : `must be ${rule}`
    return [{ key: keyOf(path), path, text: `got ${shown(value, placeOf(root, path).secret)}; ${must}` }]
  })
}

const lowerFirst = (message: string): string => message.slice(0, 1).toLowerCase() + message.slice(1)
