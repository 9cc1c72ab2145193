import { readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { type Finding, lineAt, report } from './findings.ts'
import { projectFiles, projectRoot } from './project-files.ts'

const longest = 300

/** A file named for what it is *for the author* instead of the one thing it holds. */
const vagueName = /^(?:utils?|helpers?|managers?|base|common|misc)\.[cm]?[jt]sx?$/

const source = /\.[cm]?[jt]sx?$/
const text = /\.(?:[cm]?[jt]sx?|json|md|ya?ml|sh|css|html|sql|txt)$|(?:^|\/)(?:run|Dockerfile|\.[a-z]+)$/

/** What must not stand in any text file. A checkout works anywhere, with any registry, and explains itself. */
const forbidden: readonly { readonly pattern: RegExp; readonly rule: string }[] = [
  { pattern: /(?<![\w.:/])\/(?:work|root|Users|home\/\w+)\//g, rule: 'a path of one machine' },
  { pattern: /\b(?:https?:)?\/\/registry\.[\w.-]+/g, rule: 'the host name of a package registry' },
  { pattern: /\b(?:TODO|FIXME)\b(?!\(#\d+\))/g, rule: 'unfinished work without an issue: TODO(#12) or nothing' },
]

/** `resolved` with a host would bind every install to that host; without it npm asks the configured registry. */
const lockedHost = /"resolved": "(?:https?|git\+\w+):/g

/** Checks one file, given by its path and content. */
export function checkFile(file: string, content: string): Finding[] {
  if (basename(file) === 'package-lock.json') {
    return everyMatch(file, content, lockedHost, 'a registry host in the lock file: install with this .npmrc')
  }
  const found = forbidden.flatMap(({ pattern, rule }) => everyMatch(file, content, pattern, rule))
  if (!source.test(file)) return found
  const name = basename(file)
  if (vagueName.test(name)) found.push({ file, line: 1, rule: `${name}: name the file for the one thing it holds` })
  const lines = content.split('\n').length - (content.endsWith('\n') ? 1 : 0)
  if (lines > longest) found.push({ file, line: longest + 1, rule: `${lines} lines, ${longest} are allowed` })
  return found
}

function everyMatch(file: string, content: string, pattern: RegExp, rule: string): Finding[] {
  return [...content.matchAll(pattern)].map((match) => ({ file, line: lineAt(content, match.index), rule }))
}

if (import.meta.main) {
  // The check and its test spell out what they forbid.
  const files = projectFiles(projectRoot).filter((file) => text.test(file) && !file.startsWith('scripts/check-sizes.'))
  report(
    'sizes',
    files.flatMap((file) => checkFile(file, readFileSync(join(projectRoot, file), 'utf8'))),
    `${files.length} files`,
  )
}
