import { keySetMaxAge } from './core/keys/key-times.ts'
import type { ServerAlgorithm } from './core/model/server-algorithm.ts'
import type { Engine } from './core/ports/engine.ts'
import type { MakeExtension } from './extension.ts'
import { json } from './http/response.ts'

/**
 * What is known to be needed. A key that is published with its first signature only would be missing to everybody who has
 * kept the key set since before.
 */
async function needed({ resources, settings }: Engine, signsResponses: boolean): Promise<readonly ServerAlgorithm[]> {
  const named = (await resources.all()).map((resource) => resource.signing_alg)
  // JARM §3: for clients that say nothing.
  const all = new Set([...named, ...(signsResponses ? ['RS256' as const] : [])])
  return settings.serverAlgorithms.filter((algorithm) => all.has(algorithm))
}

async function published(engine: Engine, signsResponses: boolean) {
  const { decryptionKeys, keys } = engine
  const signing = await keys.published(await needed(engine, signsResponses))
  return { keys: [...signing.keys, ...(await decryptionKeys.published())] }
}

/** RFC 7517 §5, RFC 8414 §2: the public keys by which others verify what this server has signed, and encrypt to it. */
export const keySet: MakeExtension = ({ engine, options, paths, refusals }) => {
  const { issuer } = engine.settings
  const signsResponses = Boolean(options.signedResponses)
  return {
    routes: [
      {
        name: 'jwks',
        paths: paths.jwks,
        methods: {
          // CORS headers answer an Origin only: a cached answer to a request without one must not be given to a script.
          GET: async () =>
            json(200, await published(engine, signsResponses), {
              'cache-control': `public, max-age=${keySetMaxAge}`,
              vary: 'Origin',
              pragma: [],
            }),
        },
        refuse: refusals.asJson,
        cors: true,
      },
    ],
    metadata: () => ({ jwks_uri: new URL(issuer).origin + paths.jwks[0] }),
  }
}
