import { timeOrderedText } from '../crypto/time-ordered.ts'

/** Names an authorization, and with it the family of its tokens. */
export const newAuthorizationId = (): string => timeOrderedText(12)
