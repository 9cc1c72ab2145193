import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { freePort } from '../../examples/started-example.ts'
import { startProcess } from './other-process.ts'
import type { Setup, Started } from './setup.ts'

/** From this date on, `nodejs_compat` need not be said: `node:crypto` is there. */
const compatibilityDate = '2026-08-04'

const configuration = (port: number, issuer: string): string => `
using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "host", worker = .host)],
  sockets = [(name = "http", address = "127.0.0.1:${port}", http = (), service = "host")],
);
const host :Workerd.Worker = (
  modules = [(name = "worker", esModule = embed "worker.js")],
  bindings = [(name = "ISSUER", text = "${issuer}")],
  compatibilityDate = "${compatibilityDate}",
);
`

/** Bundles the worker, as workers are, and serves it. Workers cannot read files: the store is in memory. */
export async function startInWorkerd(program: string, { prefix }: Setup): Promise<Started> {
  const folder = mkdtempSync(join(tmpdir(), 'cardea-workerd-'))
  await build({
    entryPoints: [fileURLToPath(new URL('worker.ts', import.meta.url))],
    outfile: join(folder, 'worker.js'),
    bundle: true,
    format: 'esm',
    platform: 'neutral',
    external: ['node:*'],
    conditions: ['cardea-source'],
    logLevel: 'silent',
  })
  const port = await freePort()
  const issuer = `http://127.0.0.1:${port}${prefix}`
  writeFileSync(join(folder, 'config.capnp'), configuration(port, issuer))
  const started = await startProcess({
    command: [program, 'serve', join(folder, 'config.capnp'), '--control-fd=1'],
    addressIn: (line) => (line.includes('"listen"') ? issuer : undefined),
    stop: (child) => child.kill(),
  })
  return {
    ...started,
    async stop() {
      await started.stop()
      rmSync(folder, { recursive: true })
    },
  }
}
