import { clientSecrets, type KeySeal, keySeals, type Store } from 'cardea'
import { everyPage } from '../cli/every-page.ts'
import { type Finding, fail, note, ok, warn } from './finding.ts'

const olderNote = (check: string, count: number): Finding[] =>
  count === 0
    ? []
    : [
        note(
          check,
          `${count} are sealed under an older secret, which has to stay until they are not`,
          'run `cardea secret reseal`',
        ),
      ]

const closedKey = ({ alg, kid, use }: KeySeal): Finding =>
  warn(
    'keys',
    `none of the secrets opens the ${alg} key ${kid}: ${use === 'sig' ? 'it signs nothing' : 'nothing encrypted to it is read'}, and another takes its place`,
    'put the secret it was made under behind the first one, unless that is in other hands',
  )

/** Whether the key pairs of the server can be opened. @param secrets at least one, as the provider has them */
export async function checkKeys(store: Store, secrets: readonly string[]): Promise<Finding[]> {
  const seals = await keySeals(store, secrets)
  const closed = seals.filter(({ seal }) => seal === 'closed').map(closedKey)
  const older = olderNote('keys', seals.filter(({ seal }) => seal === 'older').length)
  if (closed.length + older.length > 0) return [...closed, ...older]
  return [ok('keys', seals.length === 0 ? 'none was needed yet' : `${seals.length} can be opened`)]
}

/** Whether the secrets of `client_secret_jwt` can be opened; silent where no client has one. @param secrets the same */
export async function checkClientSeals(store: Store, secrets: readonly string[]): Promise<Finding[]> {
  const sealing = clientSecrets(secrets)
  const check = 'sealed client secrets'
  const findings: Finding[] = []
  let [all, older] = [0, 0]
  for await (const { client_id: id, sealed_secret: sealed } of everyPage(
    (page) => store.clients.list(page),
    (row) => row.client_id,
  )) {
    if (sealed === undefined) continue
    all += 1
    if (sealing.reseal(id, sealed) !== undefined) older += 1
    if (sealing.open(id, sealed) !== undefined) continue
    findings.push(
      fail(
        check,
        `none of the secrets opens that of client ${id}: no assertion that it signs is accepted`,
        `put the secret it was sealed under behind the first one, or run \`cardea client update ${id} --rotate-secret\``,
      ),
    )
  }
  findings.push(...olderNote(check, older))
  return findings.length > 0 || all === 0 ? findings : [ok(check, `${all} can be opened`)]
}
