import { fileURLToPath } from 'node:url'
import { ACTORS, type Target } from '../load/target.ts'

/** The built program of this workspace; built, so that nobody pays for stripping types while starting. */
export function programPath(name: string): string {
  return fileURLToPath(new URL(`../../dist/programs/${name}.js`, import.meta.url))
}

/** What the programs of this workspace have in common. */
export function programTarget(port: number): Target {
  return {
    port,
    paths: {
      authorize: '/authorize',
      token: '/token',
      introspect: '/introspect',
      protected: '/protected',
      push: '/par',
      jwks: '/jwks',
    },
    oauth1: { initiate: '/oauth1/initiate', authorize: '/oauth1/authorize', token: '/oauth1/token' },
    client: ACTORS.client,
    redirectUri: ACTORS.redirectUri,
    scope: ACTORS.scope,
    signIn: { cookie: ACTORS.sessionCookie },
    protectedText: ACTORS.client.id,
  }
}
