import type { ProviderOptions } from 'cardea'
import { z } from 'zod'
import { noted } from './key-notes.ts'

/** Section `deviceGrant`; `deviceGrant: true` stands for `deviceGrant: { enabled: true }`. */
export const deviceGrantSchema = z.strictObject({
  enabled: noted(z.boolean().exactOptional(), {
    about:
      'Devices without a browser or a keyboard can be allowed (RFC 8628). In a file `deviceGrant: true` says the same.',
    valid: 'true or false',
    default: 'false; true where any other key of `deviceGrant` is set',
  }),
  userCode: noted(z.enum(['letters', 'digits']).exactOptional(), {
    about: 'What people type in for a device: `letters` as BDWP-HQPK, or `digits` as 019-450-730-264.',
    valid: 'letters or digits',
    default: 'letters',
  }),
  lifetime: noted(z.int().min(60).max(1800).exactOptional(), {
    about: 'How long a device waits for a person.',
    valid: 'a whole number of seconds from 60 to 1800',
    default: '1800',
  }),
  interval: noted(z.int().min(1).max(60).exactOptional(), {
    about: 'How long a device must wait between two questions; each time it does not, 5 seconds more.',
    valid: 'a whole number of seconds from 1 to 60',
    default: '5',
  }),
})

/** The library's option of the same name: off where nothing is said of it. */
export function deviceGrantFrom({
  enabled,
  ...settings
}: z.output<typeof deviceGrantSchema>): NonNullable<ProviderOptions['deviceGrant']> {
  return (enabled ?? Object.keys(settings).length > 0) && settings
}
