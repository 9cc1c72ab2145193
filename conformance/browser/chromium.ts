import assert from 'node:assert/strict'
import { after, type TestContext } from 'node:test'
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium } from 'playwright-core'

/** A browser window of its own cookies, watched. */
export type OpenContext = (t: TestContext, options?: BrowserContextOptions) => Promise<BrowserContext>

const ownHosts = new Set(['localhost', '127.0.0.1'])

/** What no page may ever do: reach another host, run into its own policy, throw. */
function watch(context: BrowserContext, expectedHosts: ReadonlySet<string>): string[] {
  const problems: string[] = []
  context.on('request', (request) => {
    const { hostname, protocol } = new URL(request.url())
    const isNetwork = protocol === 'http:' || protocol === 'https:'
    if (isNetwork && !ownHosts.has(hostname) && !expectedHosts.has(hostname))
      problems.push(`request to ${request.url()}`)
  })
  context.on('console', (message) => {
    if (/content security policy|refused to|blocked/i.test(message.text())) problems.push(message.text())
  })
  context.on('weberror', (error) => problems.push(String(error.error())))
  return problems
}

export interface ChromiumOptions {
  /** Hosts, besides this machine, that redirects of the test lead to. */
  readonly expectedHosts?: readonly string[]
}

/**
 * Starts the Chromium named by `CHROMIUM_PATH` for the tests of one file. Every window fails its test when a page asks
 * another host for anything, violates its content security policy or throws.
 */
export function openChromium({ expectedHosts = [] }: ChromiumOptions = {}): OpenContext {
  const executablePath = process.env.CHROMIUM_PATH
  if (executablePath === undefined) throw new TypeError('CHROMIUM_PATH is not set: npm test -- --only browser')
  let launched: Promise<Browser> | undefined
  after(async () => {
    await (await launched)?.close()
  })
  return async (t, options = {}) => {
    launched ??= chromium.launch({ executablePath })
    const context = await (await launched).newContext({ locale: 'en', ...options })
    context.setDefaultTimeout(30_000) // for slow machines: only a failure waits that long
    const problems = watch(context, new Set(expectedHosts))
    t.after(async () => {
      await context.close()
      assert.deepEqual(problems, [])
    })
    return context
  }
}
