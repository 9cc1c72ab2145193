import { aliases } from './aliases.ts'
import { hasFileVariant, type Leaf, leavesOf, variableOf } from './environment.ts'
import { defaultOf, notesOf } from './key-notes.ts'
import { configSchema } from './schema.ts'

const cell = (text: string): string => text.replaceAll('|', '\\|')

function row(leaf: Leaf): string {
  const notes = notesOf(leaf.schema)
  if (notes === undefined) throw new Error(`${leaf.path.join('.')} has no notes`)
  const own = defaultOf(leaf.schema)
  const fallback = own === undefined ? notes.default : Array.isArray(own) && own.length === 0 ? 'none' : String(own)
  const variable = variableOf(leaf.path)
  const variables = hasFileVariant(leaf) ? `\`${variable}\`, \`${variable}_FILE\`` : `\`${variable}\``
  return `| \`${leaf.path.join('.')}\` | ${variables} | ${cell(notes.valid)} | ${cell(fallback ?? '')} | ${cell(notes.about)} |`
}

/** The table of every key, made from the schema that checks them, so that it cannot be wrong. */
export function configurationReference(): string {
  return [
    '# Configuration',
    '',
    'Made by `node --conditions=cardea-source scripts/configuration-reference.ts` from the schema. Do not edit.',
    '',
    '`cardea serve` reads `cardea.config.ts`, `.js`, `.mjs`, `.yaml`, `.yml` or `.json` in the current folder, or the file',
    'that `--config` or `CARDEA_CONFIG` names. Environment variables win over the file, command line options over both.',
    'Lists in variables are separated by commas or line ends; maps and lists of maps are JSON. A variable that ends in',
    '`_FILE` names a file that holds the value. Unknown keys and variables are refused.',
    '',
    '| Key | Variable | Must be | Default | What it is for |',
    '|---|---|---|---|---|',
    ...leavesOf(configSchema).map(row),
    '',
    '## Names of django-oauth2-server',
    '',
    'Accepted in a file under `OAUTH2_SERVER`. A code lifetime above 600 is taken as 600 (RFC 6749 §4.1.2).',
    '',
    '| Name | Key |',
    '|---|---|',
    ...Object.entries(aliases).map(([name, key]) => `| \`OAUTH2_SERVER.${name}\` | \`${key}\` |`),
    '',
  ].join('\n')
}
