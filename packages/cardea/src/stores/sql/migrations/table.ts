import type { Kysely } from 'kysely'
import type { SchemaDialect } from './schema-dialect.ts'

type Kind = 'key' | 'digest' | 'text' | 'number' | 'time' | 'flag'

/** A table as a migration describes it. A kind that ends in `?` may be null. */
export interface Table {
  readonly name: string
  readonly primaryKey: readonly string[]
  readonly columns: Readonly<Record<string, Kind | `${Kind}?`>>
  readonly wide?: boolean
  readonly unique?: readonly string[]
  /** Constraint name to SQL expression. */
  readonly checks?: Readonly<Record<string, string>>
  readonly indexes?: readonly Index[]
}

export interface Index {
  readonly columns: readonly string[]
  /** Only rows where these are not null are looked for by this index. */
  readonly notNull?: readonly string[]
  /** Only rows where these are null are looked for by this index. */
  readonly onlyNull?: readonly string[]
}

/** Creates the table with its constraints and indexes. */
export async function createTable(db: Kysely<unknown>, dialect: SchemaDialect, table: Table): Promise<void> {
  const { sql } = await import('kysely')
  const types = { ...dialect, digest: dialect.key, flag: dialect.number }
  let builder = db.schema
    .createTable(table.name)
    .addPrimaryKeyConstraint(`${table.name}_key`, table.primaryKey as string[] as never[])
  for (const [name, declared] of Object.entries(table.columns)) {
    const kind = declared.replace('?', '') as Kind
    builder = builder.addColumn(name, types[kind], (column) => (declared.endsWith('?') ? column : column.notNull()))
    if (kind === 'flag') builder = builder.addCheckConstraint(`${table.name}_${name}`, sql`${sql.ref(name)} in (0, 1)`)
    // Whatever is not the digest of a secret cannot be stored in its place.
    if (kind === 'digest') {
      builder = builder.addCheckConstraint(`${table.name}_${name}`, sql`length(${sql.ref(name)}) = 43`)
    }
  }
  for (const name of table.unique ?? []) {
    builder = builder.addUniqueConstraint(`${table.name}_${name}_unique`, [name as never])
  }
  for (const [name, expression] of Object.entries(table.checks ?? {})) {
    builder = builder.addCheckConstraint(`${table.name}_${name}`, sql.raw(expression))
  }
  const end = dialect.tableEnd(table.wide === true)
  await (end === undefined ? builder : builder.modifyEnd(end)).execute()
  for (const index of table.indexes ?? []) await createIndex(db, dialect, table.name, index)
}

async function createIndex(db: Kysely<unknown>, dialect: SchemaDialect, table: string, index: Index): Promise<void> {
  let builder = db.schema
    .createIndex(`${table}_by_${index.columns.join('_')}`)
    .on(table)
    .columns([...index.columns])
  if (dialect.partialIndexes) {
    for (const column of index.notNull ?? []) builder = builder.where(column, 'is not', null)
    for (const column of index.onlyNull ?? []) builder = builder.where(column, 'is', null)
  }
  await builder.execute()
}
