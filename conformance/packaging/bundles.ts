import assert from 'node:assert/strict'
import { test } from 'node:test'
import { build, type Metafile } from 'esbuild'
import type { Host } from './host.ts'

interface Bundle {
  /** Modules of which something is left in it, as paths below the folder of the host. */
  readonly modules: readonly string[]
  /** Modules of the platform that it still imports. */
  readonly platform: readonly string[]
}

/** The file that starts, and those it cannot start without. */
function startingFiles(outputs: Metafile['outputs'], file: string, seen = new Set<string>()): Set<string> {
  if (outputs[file] === undefined || seen.has(file)) return seen
  seen.add(file)
  for (const { kind, path } of outputs[file].imports) {
    if (kind === 'import-statement') startingFiles(outputs, path, seen)
  }
  return seen
}

/**
 * Bundles for no platform in particular, so that nothing but what is imported by `node:` stays outside. What a program
 * loads only once it needs it is in files of its own and does not count.
 */
async function bundleOf(folder: string, program: string): Promise<Bundle> {
  const { metafile } = await build({
    absWorkingDir: folder,
    stdin: { contents: program, resolveDir: folder },
    bundle: true,
    format: 'esm',
    platform: 'neutral',
    external: ['node:*'],
    write: false,
    metafile: true,
    splitting: true,
    outdir: 'bundle',
    logLevel: 'silent',
  })
  const files = [...startingFiles(metafile.outputs, 'bundle/stdin.js')].map((file) => metafile.outputs[file])
  const used = files.flatMap((file) => Object.entries(file?.inputs ?? {}))
  const platform = files.flatMap((file) =>
    (file?.imports ?? [])
      .filter(({ external, kind }) => external && kind === 'import-statement')
      .map(({ path }) => path),
  )
  assert.ok(used.length > 0)
  return {
    modules: used.filter(([, { bytesInOutput }]) => bytesInOutput > 0).map(([module]) => module),
    platform: [...new Set(platform)].sort(),
  }
}

const importing = (name: string, from: string): string => `import { ${name} } from '${from}'\nconsole.log(${name})\n`

/** What a bundler leaves out of programs that use a part of the library. */
export function bundles(host: () => Host): void {
  const bundled = (name: string, from: string): Promise<Bundle> => bundleOf(host().folder, importing(name, from))
  const within = ({ modules }: Bundle, path: RegExp): string[] => modules.filter((module) => path.test(module))

  test('package: a bundle with the protector of OAuth 1 has neither OAuth 2 nor jose in it, nor pages or stores', async () => {
    const bundle = await bundled('ResourceProtector', 'cardea/oauth1')
    assert.ok(within(bundle, /cardea\/dist\/oauth1\//).length > 0)
    assert.deepEqual(within(bundle, /cardea\/dist\/(?:oauth2|interaction|stores|testing)\/|\/jose\//), [])
  })

  test('package: a bundle with an OAuth 1 server has neither OAuth 2 nor jose in it', async () => {
    const bundle = await bundled('OAuth1Server', 'cardea/oauth1')
    assert.deepEqual(within(bundle, /cardea\/dist\/(?:oauth2|stores|testing)\/|\/jose\//), [])
  })

  test('package: a bundle with the signing of OAuth 1 has no server in it', async () => {
    const bundle = await bundled('signRequest', 'cardea/oauth1')
    assert.deepEqual(within(bundle, /\/(?:library|adapters|http)\//), [])
  })

  test('package: an adapter brings no engine, no framework and, for fetch, nothing of Node.js', async () => {
    for (const name of ['fetch', 'node', 'express', 'fastify', 'hono', 'koa', 'next']) {
      const bundle = await bundled('mount', `cardea/${name}`)
      assert.deepEqual(
        within(bundle, /cardea\/dist\/(?:oauth[12]|interaction|stores|core\/crypto)\/|\/jose\//),
        [],
        name,
      )
    }
    assert.deepEqual((await bundled('mount', 'cardea/fetch')).platform, [])
    assert.deepEqual((await bundled('protector', 'cardea/fetch')).platform, [])
  })

  test('package: a provider with a store in memory needs no network or file module of Node.js', async () => {
    const program = `${importing('createProvider', 'cardea')}${importing('memoryStore', 'cardea/stores/memory')}`
    const bundle = await bundleOf(host().folder, program)
    assert.deepEqual(within(bundle, /cardea\/dist\/(?:stores\/(?:sqlite|sql|cache)|testing)\//), [])
    assert.deepEqual(
      bundle.platform.filter((module) => !['node:buffer', 'node:crypto'].includes(module)),
      [],
    )
  })
}
