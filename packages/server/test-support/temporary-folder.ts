import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'

/** A folder that is gone when the test, suite or file that asked for it has ended. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'cardea-server-'))
  after(() => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }))
  return folder
}
