import type { CodeRow, HostCodes } from '../src/index.ts'

/** A host's table of codes as plain objects: each verb is one step, as one statement would make it. */
export function codeTable(): HostCodes & { readonly rows: CodeRow[] } {
  const rows: CodeRow[] = []
  const at = (digest: string): number => rows.findIndex(({ code }) => code === digest)
  return {
    rows,
    async insert(row) {
      if (at(row.code) !== -1) throw new Error('the code is there already')
      rows.push(row)
    },
    find: async (digest) => rows[at(digest)],
    async spend(digest, time) {
      const row = rows[at(digest)]
      if (row === undefined || row.spent_at !== null) return false
      rows[at(digest)] = { ...row, spent_at: time }
      return true
    },
    async revoke(filter) {
      const members = Object.entries(filter) as [keyof CodeRow, string][]
      const stays = (row: CodeRow): boolean =>
        row.spent_at !== null || members.some(([name, value]) => row[name] !== value)
      rows.splice(0, rows.length, ...rows.filter(stays))
    },
    async sweep(time, limit) {
      const over = rows.filter(({ expires_at }) => expires_at < time).slice(0, limit)
      for (const row of over) rows.splice(rows.indexOf(row), 1)
      return over.length
    },
  }
}
