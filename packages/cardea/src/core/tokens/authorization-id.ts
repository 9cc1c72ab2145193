import { randomText } from '../crypto/random.ts'

/** Begins with the time, so that new rows lie side by side in an index: scattered ones cost a page to flush each. */
export const newAuthorizationId = (): string => Date.now().toString(16).padStart(12, '0') + randomText(12)
