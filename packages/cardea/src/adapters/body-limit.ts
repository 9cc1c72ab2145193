import { ProtocolError } from '../core/spec/errors.ts'

export const tooLarge = (most: number): ProtocolError =>
  new ProtocolError('request_too_large', 'request_too_large', {
    description: `The body may have at most ${most} bytes`,
  })

/** A body that somebody else has read, held to our limit. Throws `request_too_large`. */
export function withinLimit(text: string, most: number): string {
  if (Buffer.byteLength(text) > most) throw tooLarge(most)
  return text
}
