import { z } from 'zod'

/** What the documentation and the messages say of one key. */
export interface KeyNotes {
  /** What it is for, as one sentence. */
  readonly about: string
  /** What may stand there, completing "must be …". */
  readonly valid: string
  /** Shown as the default where the schema holds none, because the library fills it in. */
  readonly default?: string
  /** Its value is never shown, and it can also be read from a file named by `…_FILE`. */
  readonly secret?: boolean
}

const notes = z.registry<KeyNotes>()

/** Attaches notes to a schema. Must be the last step, since every zod method makes a new schema. */
export function noted<S extends z.ZodType>(schema: S, keyNotes: KeyNotes): S {
  notes.add(schema, keyNotes)
  return schema
}

export const notesOf = (schema: z.ZodType): KeyNotes | undefined => notes.get(schema)

const layers = new Set(['optional', 'default', 'prefault', 'nonoptional', 'readonly', 'nullable'])

/** The schema inside `optional`, `default` and their like. */
export function bare(schema: z.ZodType): z.ZodType {
  const definition = schema.def as { type: string; innerType?: z.ZodType }
  return layers.has(definition.type) && definition.innerType !== undefined ? bare(definition.innerType) : schema
}

export function defaultOf(schema: z.ZodType): unknown {
  const definition = schema.def as { type: string; innerType?: z.ZodType; defaultValue?: unknown }
  if (definition.type === 'default' || definition.type === 'prefault') return definition.defaultValue
  return layers.has(definition.type) && definition.innerType !== undefined ? defaultOf(definition.innerType) : undefined
}
