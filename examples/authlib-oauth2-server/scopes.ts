/** What applications may ask for, and how the page says it. */
export const scopes = {
  profile: { description: 'See your name', default: true },
  email: 'See your e-mail address',
} as const

export type ScopeName = keyof typeof scopes
