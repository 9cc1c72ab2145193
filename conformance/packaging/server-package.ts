import assert from 'node:assert/strict'
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, symlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { before, test } from 'node:test'
import { freePort } from '../../examples/started-example.ts'
import { installedFolder, type Packed } from './packed.ts'

/**
 * Lays what the server declares to need into one folder of modules, the library out of its own package. What it needs
 * without saying so is not there.
 */
function installed(folder: string, library: Packed, server: Packed): string {
  const modules = join(folder, 'node_modules')
  const link = (name: string, target: string): void => {
    mkdirSync(dirname(join(modules, name)), { recursive: true })
    symlinkSync(target, join(modules, name), 'dir')
  }
  for (const name of Object.keys(server.manifest.dependencies ?? {})) {
    link(name, name === 'cardea' ? library.folder : installedFolder(name, 'server'))
  }
  return join(server.folder, 'bin/cardea.js')
}

/** The command as it comes out of the package, with `cardea` out of its own. */
export function serverPackage(folder: string, library: () => Packed, server: () => Packed): void {
  const command = { path: '' }
  before(() => {
    command.path = installed(folder, library(), server())
  })

  test('package cardea-server: the command tells its version', () => {
    const told = execFileSync(process.execPath, [command.path, '--version'], { encoding: 'utf8' })
    assert.equal(told.trim(), server().manifest.version)
  })

  test('package cardea-server: the demonstration starts with nothing but what the package says it needs', async () => {
    const port = await freePort()
    const child = spawn(process.execPath, [command.path, 'demo', '--port', String(port)], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const ended = once(child, 'close')
    const said: string[] = []
    child.stderr.setEncoding('utf8').on('data', (text: string) => said.push(text))
    try {
      const up = once(createInterface({ input: child.stdout }), 'line')
      await Promise.race([up, ended.then(() => assert.fail(said.join('')))])
      const metadata = await fetch(`http://localhost:${port}/.well-known/oauth-authorization-server`)
      assert.equal(((await metadata.json()) as { issuer: string }).issuer, `http://localhost:${port}`)
    } finally {
      child.kill('SIGTERM')
      await ended
    }
  })
}
