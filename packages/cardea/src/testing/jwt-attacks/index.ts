import { type HonestJwt, headerOf, honestToken, type JwtAttack, rawToken } from './attack.ts'
import { claimAttacks } from './claim-attacks.ts'
import { headerAttacks } from './header-attacks.ts'
import { shapeAttacks } from './shape-attacks.ts'

export { type HonestJwt, honestToken, type JwtAttack } from './attack.ts'
export { weakKey } from './attacker-key.ts'

/** Every forged token that a place which accepts JWTs must refuse. `now` in epoch seconds. */
export const jwtAttacks = async (honest: HonestJwt, now: number): Promise<readonly JwtAttack[]> => [
  ...(await headerAttacks(honest)),
  ...shapeAttacks(honest),
  ...claimAttacks(honest, now),
]

/** The honest token, then the attacks on the place: those that got in, by row and title. Empty is good. */
export async function acceptedAttacks(
  honest: HonestJwt,
  now: number,
  accepts: (token: string) => Promise<boolean>,
): Promise<readonly string[]> {
  if (!(await accepts(honestToken(honest)))) throw new Error('the place refuses even the honest token')
  const accepted: string[] = []
  for (const { row, title, token } of await jwtAttacks(honest, now)) {
    if (await accepts(token)) accepted.push(`${row}: ${title}`)
  }
  return accepted
}

/** T-JWT-5: the honest token counts once, and its `jti` too, whatever else is said by it. Empty is good. */
export async function acceptedReplays(
  honest: HonestJwt,
  accepts: (token: string) => Promise<boolean>,
): Promise<readonly string[]> {
  if (!(await accepts(honestToken(honest)))) throw new Error('the place refuses even the honest token')
  const { claims, key } = honest
  const again = (more: object): string => rawToken(key, headerOf(honest), { ...claims, ...more })
  const { exp, iat } = claims
  const replays = {
    'the same token': honestToken(honest),
    'the jti again, signed anew': again({}),
    'the jti again, in a token that says more': again({ more: true }),
    ...(exp !== undefined && { 'the jti again, in a token that ends later': again({ exp: exp + 1 }) }),
    ...(iat !== undefined && { 'the jti again, in a token that began earlier': again({ iat: iat - 1 }) }),
  }
  const accepted: string[] = []
  for (const [title, token] of Object.entries(replays)) {
    if (await accepts(token)) accepted.push(`T-JWT-5: ${title}`)
  }
  return accepted
}
