import { type HonestJwt, honestToken, type JwtAttack } from './attack.ts'
import { claimAttacks } from './claim-attacks.ts'
import { headerAttacks } from './header-attacks.ts'
import { shapeAttacks } from './shape-attacks.ts'

export { type HonestJwt, honestToken, type JwtAttack } from './attack.ts'

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
