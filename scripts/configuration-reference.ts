import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { configurationReference } from '../packages/server/src/config/reference.ts'
import { projectRoot } from './project-files.ts'

const page = configurationReference()
const path = join(projectRoot, 'docs/configuration.md')
if (!process.argv.includes('--check')) {
  writeFileSync(path, page)
  console.log('configuration: docs/configuration.md written')
} else if (existsSync(path) && readFileSync(path, 'utf8') === page) {
  console.log('configuration: up to date')
} else {
  console.error(
    'docs/configuration.md:1  is older than the schema: run scripts/configuration-reference.ts and commit it',
  )
  process.exitCode = 1
}
