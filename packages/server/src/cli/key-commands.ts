import {
  isServerAlgorithm,
  isServerEncryption,
  type KeyRotation,
  type SigningKey,
  serverAlgorithms,
  serverEncryptions,
  storedKeys,
} from 'cardea'
import type { Command } from 'commander'
import {
  defineCommand,
  defineGroup,
  type Invocation,
  type Outcome,
  type OutcomeSlot,
  textOf,
} from './define-command.ts'
import { exitCode, notFound, usage } from './exit-codes.ts'
import { textTable } from './text-table.ts'
import { type OpenContext, withStore } from './with-store.ts'
import type { World } from './world.ts'

const dateOf = (seconds: number | undefined): string | undefined =>
  seconds === undefined ? undefined : new Date(seconds * 1000).toISOString().replace('.000Z', 'Z')

/** Member by member, so that nothing private is shown by being added to the record. */
const viewOf = ({ kid, alg, use, state, createdAt, activatedAt, retiredAt, expiresAt }: SigningKey) => ({
  kid,
  alg,
  use,
  state,
  created: dateOf(createdAt),
  active_since: dateOf(activatedAt),
  retired: dateOf(retiredAt),
  forgotten_after: dateOf(expiresAt),
})

const columns = ['kid', 'alg', 'use', 'state', 'created', 'active_since', 'retired', 'forgotten_after']

function keysOf({ store, config }: OpenContext, { clock }: World) {
  const { secrets = [], signingKeys } = config
  if (secrets.length === 0)
    throw usage('secrets: needed to make signing keys; set CARDEA_SECRETS or secrets of the configuration')
  return storedKeys({ store, secrets, clock, ...signingKeys })
}

function algorithmOf({ options }: Invocation) {
  const name = textOf(options.alg)
  if (name === undefined || isServerAlgorithm(name) || isServerEncryption(name)) return name
  const valid = [...serverAlgorithms, ...serverEncryptions].join(', ')
  throw usage(`--alg: got ${JSON.stringify(name)}; must be one of ${valid}`)
}

function rotatedLine({ algorithm, kid, retired, retiredUntil }: KeyRotation & { readonly rotated: true }): string {
  const end = `until ${dateOf(retiredUntil)} at most`
  return isServerEncryption(algorithm)
    ? `${algorithm}: others encrypt to ${kid} from now on; what is encrypted to ${retired} is read ${end}`
    : `${algorithm}: ${kid} signs from now on; what ${retired} signed holds ${end}`
}

const lineOf = (rotation: KeyRotation): string =>
  rotation.rotated
    ? rotatedLine(rotation)
    : `${rotation.algorithm}: not rotated: ${rotation.kid} was published only now, and others may not know it before ${dateOf(rotation.notBefore)}; try again then, or use --immediately`

function outcomeOf(rotations: readonly KeyRotation[]): Outcome {
  const isDone = rotations.every(({ rotated }) => rotated)
  return {
    // Keys to encrypt to are there only where something was encrypted before.
    text: rotations.length > 0 ? rotations.map(lineOf).join('\n') : 'There is no such key yet',
    json: rotations,
    exitCode: isDone ? exitCode.ok : exitCode.failed,
  }
}

export function addKeyCommands(program: Command, world: World, slot: OutcomeSlot): void {
  const group = defineGroup(
    program,
    'key',
    'the keys that sign JWTs, and those that others encrypt to; the server makes them when it first needs one',
  )
  defineCommand(group, world, slot, {
    usage: 'list',
    about: 'list the keys; nothing private is shown',
    examples: ['cardea key list', 'cardea key list --json'],
    run: (invocation) =>
      withStore(invocation, false, async ({ store }) => {
        const rows = (await store.signingKeys.all()).map(viewOf)
        return { text: textTable(columns, rows), json: rows }
      }),
  })
  defineCommand(group, world, slot, {
    usage: 'rotate',
    about: 'let the next key sign, and publish others to encrypt to; running servers follow within a minute',
    examples: ['cardea key rotate', 'cardea key rotate --alg RS256 --immediately'],
    options: (command) =>
      command
        .option('--alg <alg>', 'only the key of this algorithm (default: all)')
        .option('--immediately', 'also where the next key was published only now: for a key in other hands'),
    run: (invocation) =>
      withStore(invocation, true, async (context) => {
        const algorithm = algorithmOf(invocation)
        const wanted = {
          immediately: invocation.options.immediately === true,
          ...(algorithm !== undefined && { algorithm }),
        }
        return outcomeOf(await keysOf(context, world).rotate(wanted))
      }),
  })
  defineCommand(group, world, slot, {
    usage: 'delete <kid>',
    about: 'forget a key that is next or retired; what it signed, or is encrypted to it, is refused within a minute',
    examples: ['cardea key delete NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs'],
    run: (invocation) =>
      withStore(invocation, false, async ({ store }) => {
        const [kid = ''] = invocation.args
        const key = (await store.signingKeys.all()).find((one) => one.kid === kid)
        if (key === undefined) throw notFound('key', kid)
        if (key.state === 'active') throw usage(`The key ${kid} is in use: rotate first, then delete it`)
        await store.signingKeys.delete(kid)
        return { text: `deleted key ${kid}`, json: { deleted: kid } }
      }),
  })
}
