import { djangoOAuth2Server, type Profile } from './django-oauth2-server.ts'

/** Every compatibility profile by name. */
export const profiles = { 'django-oauth2-server': djangoOAuth2Server } as const satisfies Record<string, Profile>

/** Name of a compatibility profile. */
export type ProfileName = keyof typeof profiles
