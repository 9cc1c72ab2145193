import type { z } from 'zod'
import { problemsFrom } from '../config/problems.ts'
import { usage } from './exit-codes.ts'

/** Checks what the options amount to, by the same schema as a loaded file. */
export function checkedRow<S extends z.ZodType>(schema: S, row: unknown): z.output<S> {
  const result = schema.safeParse(row)
  if (result.success) return result.data
  throw usage(
    problemsFrom(schema, row, result.error.issues)
      .map(({ key, text }) => `${key}: ${text}`)
      .join('\n'),
  )
}
