import type { TestEvent } from 'node:test/reporters'
import { inspect } from 'node:util'

/** Marks a line of ours among whatever a test prints: ASCII "record separator", which no log line holds. */
export const recordMark = '\u001e'

/** What a test process tells about one test. */
export interface Outcome {
  readonly result: 'passed' | 'failed' | 'skipped'
  readonly name: string
  readonly line: number
  /** The whole error, for a failure that is not merely the failure of a test inside. */
  readonly error?: string
}

/** A node:test reporter that writes one marked JSON line per finished test. Suites are not tests. */
export default async function* outcomes(events: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  for await (const event of events) {
    if (event.type !== 'test:pass' && event.type !== 'test:fail') continue
    const outcome = outcomeOf(event)
    if (outcome !== undefined) yield `${recordMark}${JSON.stringify(outcome)}\n`
  }
}

function outcomeOf({ type, data }: Extract<TestEvent, { type: 'test:pass' | 'test:fail' }>): Outcome | undefined {
  const { name, line = 1 } = data
  const suite = data.details.type === 'suite'
  if (data.skip !== undefined || data.todo !== undefined) return suite ? undefined : { result: 'skipped', name, line }
  if (type === 'test:pass') return suite ? undefined : { result: 'passed', name, line }
  const error = data.details.error
  const inside = (error as { failureType?: string }).failureType === 'subtestsFailed'
  if (inside) return suite ? undefined : { result: 'failed', name, line }
  return { result: 'failed', name, line, error: inspect(error.cause ?? error, { depth: 6 }) }
}
