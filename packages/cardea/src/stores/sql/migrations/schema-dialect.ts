import type { RawBuilder } from 'kysely'

export type ColumnType = 'text' | 'integer' | 'bigint' | `varchar(${number})`

/** What differs between the databases that the migrations serve. */
export interface SchemaDialect {
  /** A value that is part of a key or an index. */
  readonly key: ColumnType
  readonly text: ColumnType
  readonly number: ColumnType
  /** Epoch seconds. */
  readonly time: ColumnType
  /** What follows the closing parenthesis of a table. `wide`: its rows are too long to be kept in the key's index. */
  readonly tableEnd: (wide: boolean) => RawBuilder<unknown> | undefined
  /** Whether an index may leave rows out: a column that is mostly null then costs nothing. */
  readonly partialIndexes: boolean
}
