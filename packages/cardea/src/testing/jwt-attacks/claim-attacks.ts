import { type HonestJwt, headerOf, type JwtAttack, rawToken } from './attack.ts'

const tenYears = 10 * 365 * 86_400

/** Texts in place of a value, since JSON.stringify writes none of these. */
const noTimes = ['"1"', 'null', 'true', '{}', '[1]', '-1', '1e400', '-1e400', '1e300', '9007199254740993']

function withText(honest: HonestJwt, name: string, text: string): string {
  const { [name]: _old, ...others } = honest.claims
  return rawToken(
    honest.key,
    headerOf(honest),
    `${JSON.stringify(others).slice(0, -1)},${JSON.stringify(name)}:${text}}`,
  )
}

/** Without the times that would bound it, too. */
function endless(honest: HonestJwt, now: number): JwtAttack {
  const { iat: _, nbf: __, ...claims } = honest.claims
  const token = rawToken(honest.key, headerOf(honest), { ...claims, exp: now + tenYears })
  return { row: 'T-JWT-4', title: 'exp in ten years, without iat and nbf', token }
}

function timeAttacks(honest: HonestJwt, now: number): readonly JwtAttack[] {
  const { exp, iat } = honest.claims
  const attack = (name: string, text: string): JwtAttack => ({
    row: 'T-JWT-4',
    title: `${name} ${text}`,
    token: withText(honest, name, text),
  })
  const malformed = ['exp', 'nbf', 'iat'].flatMap((name) =>
    // Long ago is a fine `nbf`, and an `iat` is only too old where there is a limit.
    noTimes.map((text) => attack(name, text)),
  )
  return [
    ...malformed,
    ...(exp === undefined
      ? []
      : [
          attack('exp', String(now - 3600)),
          attack('exp', '0'),
          attack('exp', String(now + tenYears)),
          endless(honest, now),
        ]),
    ...(iat === undefined ? [] : [attack('iat', String(now + 3600))]),
    attack('nbf', String(now + 3600)),
  ]
}

function audienceAttacks(honest: HonestJwt): readonly JwtAttack[] {
  const { aud } = honest.claims
  if (aud === undefined) return []
  const ours = typeof aud === 'string' ? aud : (aud[0] ?? '')
  const others = [
    'https://other.example',
    `${ours}/`,
    `${ours}.attacker.example`,
    ours.slice(0, -1),
    ours.toUpperCase(),
    `x${ours}`,
    ` ${ours}`,
  ]
  const strange = [
    '',
    [],
    [1, ours],
    [[ours]],
    [ours, null],
    { 0: ours },
    null,
    true,
    1,
    ['https://other.example', `${ours}/`],
  ]
  const several = honest.audienceAmongOthers
    ? []
    : [
        [ours, 'https://other.example'],
        ['https://other.example', ours],
        [ours, ours],
      ]
  return [...others, ...strange, ...several].map((value) => ({
    row: 'T-JWT-4',
    title: `aud ${JSON.stringify(value)}`,
    token: rawToken(honest.key, headerOf(honest), { ...honest.claims, aud: value }),
  }))
}

function partyAttacks(honest: HonestJwt): readonly JwtAttack[] {
  const { claims } = honest
  const strange = [1, 0, null, true, '', [], {}]
  const changed = (name: string, value: unknown): JwtAttack => ({
    row: 'T-JWT-4, ASK-18',
    title: `${name} ${JSON.stringify(value)}`,
    token: rawToken(honest.key, headerOf(honest), { ...claims, [name]: value }),
  })
  const { iss } = claims
  return [
    ...(['iss', 'sub', 'jti'] as const).flatMap((name) =>
      claims[name] === undefined ? [] : [...strange, [claims[name]]].map((value) => changed(name, value)),
    ),
    ...(iss === undefined
      ? []
      : ['https://attacker.example', `${iss}/`, iss.toUpperCase(), ` ${iss}`].map((value) => changed('iss', value))),
  ]
}

/** Claims that are missing, of another kind, for another place or for another time. */
export const claimAttacks = (honest: HonestJwt, now: number): readonly JwtAttack[] => [
  ...honest.required.map((name) => {
    const { [name]: _gone, ...others } = honest.claims
    return { row: 'T-JWT-4, A2-JWTAT-06', title: `no ${name}`, token: rawToken(honest.key, headerOf(honest), others) }
  }),
  ...timeAttacks(honest, now),
  ...audienceAttacks(honest),
  ...partyAttacks(honest),
]
