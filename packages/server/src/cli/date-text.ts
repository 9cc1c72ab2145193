/** Epoch seconds as people read them, to the second in UTC. */
export const dateText = (seconds: number): string => new Date(seconds * 1000).toISOString().replace('.000Z', 'Z')
