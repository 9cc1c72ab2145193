/** One thing a check has to say about one place. */
export interface Finding {
  readonly file: string
  readonly line: number
  readonly rule: string
}

/** 1-based line of a character offset. */
export function lineAt(text: string, offset: number): number {
  let line = 1
  for (let index = text.indexOf('\n'); index !== -1 && index < offset; index = text.indexOf('\n', index + 1)) line++
  return line
}

/** Prints `file:line  rule`, one a line, and makes the process fail when there is any. */
export function report(check: string, findings: readonly Finding[], examined: string): void {
  for (const { file, line, rule } of findings) console.error(`${file}:${line}  ${rule}`)
  console.log(findings.length === 0 ? `${check}: ${examined}, nothing found` : `${check}: ${findings.length} found`)
  if (findings.length > 0) process.exitCode = 1
}
