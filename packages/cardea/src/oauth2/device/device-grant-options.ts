import { type UserCodeKind, userCodeKinds } from './user-code.ts'

/** RFC 8628: devices that people allow on another one. */
export interface DeviceGrantOptions {
  /** What people type in: `letters` as `BDWP-HQPK`, or `digits` as `019-450-730-264` for number pads. Default `letters`. */
  readonly userCode?: UserCodeKind
  /** Seconds that both codes are good for, 60 to 1800. Default 1800. */
  readonly lifetime?: number
  /** Seconds that a device must wait between two polls, 1 to 60; each time it does not, 5 more. Default 5. */
  readonly interval?: number
}

/** What holds once the options are read. */
export type DeviceGrantSettings = Required<DeviceGrantOptions>

const names = ['userCode', 'lifetime', 'interval']

function mustBeSeconds(name: string, value: unknown, least: number, most: number): void {
  if (!Number.isInteger(value) || (value as number) < least || (value as number) > most)
    throw new TypeError(
      `deviceGrant.${name}: must be whole seconds from ${least} to ${most}, got ${JSON.stringify(value)}`,
    )
}

/** @throws TypeError that names the option, what it got and what is valid */
export function deviceGrantSettings(options: boolean | DeviceGrantOptions): DeviceGrantSettings {
  const given = typeof options === 'boolean' ? {} : options
  const unknown = Object.keys(given).find((name) => !names.includes(name))
  if (unknown !== undefined)
    throw new TypeError(`deviceGrant: there is no ${JSON.stringify(unknown)}; valid are ${names.join(', ')}`)
  const { userCode = 'letters', lifetime = 1800, interval = 5 } = given
  if (!Object.hasOwn(userCodeKinds, userCode))
    throw new TypeError(
      `deviceGrant.userCode: must be one of ${Object.keys(userCodeKinds).join(', ')}, got ${JSON.stringify(userCode)}`,
    )
  // The longer a code lives, the more of them there are to be guessed.
  mustBeSeconds('lifetime', lifetime, 60, 1800)
  mustBeSeconds('interval', interval, 1, 60)
  return { userCode, lifetime, interval }
}
