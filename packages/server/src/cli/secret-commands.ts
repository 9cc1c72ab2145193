import { type ResealedSecrets, resealSecrets } from 'cardea'
import type { Command } from 'commander'
import { defineCommand, defineGroup, type Outcome, type OutcomeSlot } from './define-command.ts'
import { usage } from './exit-codes.ts'
import { withStore } from './with-store.ts'
import type { World } from './world.ts'

function outcomeOf(resealed: ResealedSecrets): Outcome {
  const { clientSecrets, keys, oauth1 } = resealed
  const counts = [
    `${keys} keys`,
    `${clientSecrets} client secrets`,
    `${oauth1.clients} OAuth 1 clients`,
    `${oauth1.credentials} token credentials`,
  ]
  const next = 'Keep the older secrets for a day, and run `cardea doctor` without them before they are taken away'
  return { text: `Sealed anew under the first secret: ${counts.join(', ')}\n${next}`, json: resealed }
}

export function addSecretCommands(program: Command, world: World, slot: OutcomeSlot): void {
  const group = defineGroup(program, 'secret', 'what is sealed in the database under the secrets of the server')
  defineCommand(group, world, slot, {
    usage: 'reseal',
    about: 'seal all of it under the first of the secrets, after that was changed, so that the others can go',
    examples: ['cardea secret reseal'],
    run: (invocation) =>
      withStore(invocation, false, async ({ store, config: { secrets = [] } }) => {
        if (secrets.length === 0)
          throw usage('secrets: are needed to seal anew; set CARDEA_SECRETS to those of the server')
        return outcomeOf(await resealSecrets(store, secrets))
      }),
  })
}
