/** One check: a command that says nothing worth reading when it succeeds. */
export interface Check {
  readonly name: string
  readonly command: readonly [program: string, ...args: string[]]
}

/** In the order in which they run; the first builds what the later ones look at. */
export const checks: readonly Check[] = [
  { name: 'build', command: ['tsc', '-b'] },
  { name: 'command', command: ['node', 'scripts/bundle-command.ts'] },
  { name: 'types', command: ['tsc', '-p', 'tsconfig.check.json'] },
  { name: 'format and lint', command: ['biome', 'check', '.'] },
  { name: 'layers', command: ['node', 'scripts/check-layers.ts'] },
  { name: 'public surface', command: ['node', 'scripts/check-public-surface.ts'] },
  { name: 'sizes', command: ['node', 'scripts/check-sizes.ts'] },
  { name: 'spec map', command: ['node', 'scripts/spec-map.ts', '--check'] },
  {
    name: 'schema of a new database',
    command: ['node', '--conditions=cardea-source', 'scripts/fresh-schema.ts', '--check'],
  },
  {
    name: 'configuration keys',
    command: ['node', '--conditions=cardea-source', 'scripts/configuration-reference.ts', '--check'],
  },
  { name: 'inventory', command: ['node', 'scripts/inventory.ts', '--check'] },
  { name: 'reference', command: ['node', 'scripts/api-reference.ts', '--check'] },
  { name: 'docs', command: ['node', 'scripts/check-docs.ts'] },
]
