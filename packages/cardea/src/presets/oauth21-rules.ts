import type { Compatibility } from '../core/ports/settings.ts'
import type { Rule } from './preset.ts'

/** Switches of compatibility that may not be on. */
export const without =
  (...switches: readonly (keyof Compatibility)[]): Rule<'compatibility'> =>
  (given, conflict) => {
    const wrong = switches.find((name) => given?.[name] === true)
    if (wrong === undefined) return given
    throw conflict(`compatibility.${wrong}`, 'false', true)
  }

/** A named profile brings compatibility of its own, which is what these presets do without. */
export const noProfile: Rule<'profile'> = (given, conflict) => {
  if (given === undefined) return undefined
  throw conflict('profile', 'left out', given)
}

/** OAuth 2.1 §10: neither passwords nor tokens travel through a client or a browser's address. */
export const noPassword: Rule<'grants'> = (given, conflict) => {
  if (given?.some(({ type }) => type === 'password')) throw conflict('grants', 'a list without password', 'password')
  return given
}

/** The implicit grant is off. */
export const codeOnly: Rule<'responseTypes'> = (given, conflict) => {
  if (given?.some((type) => type !== 'code')) throw conflict('responseTypes', '["code"]', given)
  return given
}

/** Seconds. */
export const codeLifetime =
  (most: number): Rule<'lifetimes'> =>
  (given, conflict) => {
    const said = given?.authorizationCode ?? 60
    if (said > most) throw conflict('lifetimes.authorizationCode', `at most ${most}`, said)
    return given
  }
