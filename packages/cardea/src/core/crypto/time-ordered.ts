import { randomText } from './random.ts'

/**
 * Milliseconds since 1970 and then random bytes, at most 1024: new rows lie side by side in an index, where scattered
 * ones cost a page to flush each.
 */
export const timeOrderedText = (bytes: number): string => Date.now().toString(16).padStart(12, '0') + randomText(bytes)
