const hour = 3600

/**
 * When a token credential was used, as exactly as it is remembered: every signed request reports its use, and all but
 * one in an hour then write nothing. Takes and gives epoch seconds.
 */
export const lastUse = (at: number): number => at - (at % hour)
