import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { installed, type Machine } from './distribution-packages.ts'

const wellKnown = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome-stable',
  '/usr/bin/google-chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
]

const commandNames = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'chrome']

export const missingBrowser = [
  'No Chromium was found and it could not be installed, so the pages were not tested.',
  'Install it (Debian, Ubuntu: `sudo apt-get install chromium`; macOS: `brew install --cask chromium`),',
  'or name one: `CHROMIUM_PATH=/path/to/chromium npm test`, or leave the pages out: `npm test -- --without browser`.',
].join('\n')

/** The Chromium to test with: `CHROMIUM_PATH` alone when it is set, else the usual places, else `PATH`. */
export function findChromium(
  env: NodeJS.ProcessEnv,
  runs: (path: string) => boolean = isExecutable,
): string | undefined {
  if (env.CHROMIUM_PATH) return runs(env.CHROMIUM_PATH) ? env.CHROMIUM_PATH : undefined
  const folders = (env.PATH ?? '').split(delimiter).filter((folder) => folder !== '')
  return [...wellKnown, ...folders.flatMap((folder) => commandNames.map((name) => join(folder, name)))].find(runs)
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** Finds a Chromium, or installs the distribution's where that needs no password. */
export async function chromium(machine: Machine): Promise<string | undefined> {
  const found = findChromium(machine.env)
  if (found !== undefined || machine.env.CHROMIUM_PATH) return found
  await installed(machine, ['chromium', 'fonts-liberation'], 'No Chromium here')
  return findChromium(machine.env)
}
