/** What one folder (or one file) of the library may see of the others. Paths are relative to packages/cardea/src. */
export interface Layer {
  readonly path: string
  readonly sees: readonly string[]
  /** Seen by `import type` only. */
  readonly seesTypesOf?: readonly string[]
}

const core = [
  'core/keep-latest.ts',
  'core/spec',
  'core/crypto',
  'core/model',
  'core/ports',
  'core/rules',
  'core/keys',
  'core/tokens',
]
const family = [...core, 'http', 'interaction']
const storage = ['core/spec', 'core/crypto', 'core/model', 'core/ports']

/** Imports run one way, downwards in this table. A longer path wins; a layer always sees itself; `.` is no folder. */
export const layers: readonly Layer[] = [
  { path: 'core/keep-latest.ts', sees: [] },
  { path: 'core/spec', sees: [] },
  // The one place that may mint a digest, so it must know the brand.
  { path: 'core/crypto', sees: ['core/spec'], seesTypesOf: ['core/model/digest.ts'] },
  { path: 'core/model', sees: ['core/spec', 'core/crypto'] },
  { path: 'core/ports', sees: ['core/spec', 'core/crypto', 'core/model'] },
  { path: 'core/rules', sees: ['core/spec', 'core/crypto', 'core/model'] },
  { path: 'core/keys', sees: storage },
  { path: 'core/tokens', sees: [...storage, 'core/rules', 'core/keys'] },
  { path: 'http', sees: core },
  { path: 'interaction', sees: [...core, 'http'] },
  { path: 'oauth1', sees: family },
  // OAuth 1 alone, for hosts: with the adapters, and without anything of OAuth 2.
  { path: 'oauth1/library', sees: [...family, 'oauth1', 'adapters'] },
  { path: 'oauth1/index.ts', sees: [...family, 'oauth1', 'adapters'] },
  { path: 'oauth2', sees: family },
  { path: 'oidc', sees: [...family, 'oauth2/extension'] },
  { path: 'profiles', sees: storage, seesTypesOf: ['paths.ts'] },
  { path: 'accounts', sees: storage },
  { path: 'presets', sees: [...core, 'oauth2'], seesTypesOf: ['options.ts'] },
  { path: 'mcp', sees: [...family, 'oauth2', 'presets', 'resource-protector.ts'], seesTypesOf: ['provider.ts'] },
  // provider.ts and the files beside it, which put everything together.
  { path: '.', sees: [...family, 'oauth1', 'oauth2', 'oidc', 'presets', 'profiles', 'accounts'] },
  // What is published, of the server that is spelled out too.
  {
    path: 'index.ts',
    sees: [...family, '.', 'oauth1', 'oauth2', 'oidc', 'presets', 'profiles', 'accounts', 'authorization-server'],
  },
  // The provider for hosts that spell it out, over requests of any framework.
  {
    path: 'authorization-server',
    sees: [
      ...family,
      'oauth2',
      'adapters',
      'accounts',
      'provider.ts',
      'options.ts',
      'resource-guard.ts',
      'host-pages.ts',
      'supported.ts',
    ],
  },
  { path: 'stores', sees: storage },
  { path: 'adapters', sees: ['core/spec', 'http'], seesTypesOf: ['provider.ts', 'resource-guard.ts'] },
]

/** A published folder that builds test set-ups out of everything. */
export const testingFolder = 'testing'

/** Built-in modules are a door to the world, so each has its place. A module not named here is not used at all. */
export const nodeModules: readonly { readonly modules: readonly string[]; readonly places: readonly string[] }[] = [
  {
    modules: ['node:crypto'],
    places: ['core/crypto', 'interaction/pages/stylesheet', 'interaction/pages/layout'],
  },
  { modules: ['node:buffer'], places: ['core/crypto', 'http', 'adapters'] },
  {
    modules: ['node:sqlite', 'node:worker_threads', 'node:fs', 'node:path', 'node:url'],
    places: ['stores/sqlite'],
  },
  {
    modules: ['node:http', 'node:https', 'node:net', 'node:tls'],
    places: ['adapters', 'http/outgoing/node-transport'],
  },
  { modules: ['node:dns', 'node:dns/promises'], places: ['http/outgoing/resolve'] },
  { modules: ['node:http2', 'node:stream'], places: ['adapters'] },
]

/** Third-party packages. All but a `dependency` are optional peers, never loaded unless the host asks for what needs them. */
export const packages: readonly {
  readonly name: string
  readonly places: readonly string[]
  readonly dependency?: true
}[] = [
  { name: 'jose', places: ['core/crypto/jose'], dependency: true },
  { name: 'kysely', places: ['stores'] },
  { name: '@nestjs/common', places: ['adapters/nest-guard'] },
]
