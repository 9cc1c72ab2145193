import type { MakeExtension } from './extension.ts'
import { managementEndpoint, registrationEndpoint } from './oauth2/registration/endpoints.ts'
import { registrationSettings } from './oauth2/registration/registration-settings.ts'
import { unusedClients } from './oauth2/registration/unused-clients.ts'

/** RFC 7591, RFC 7592. */
export const registrationFeature: MakeExtension = (given) => {
  const { engine, keysAt, options, outgoing, paths } = given
  const { registration = false } = options
  if (registration === false) return undefined
  const settings = registrationSettings(registration, { keysAt, outgoing })
  const url = new URL(engine.settings.issuer).origin + paths.registration[0]
  return {
    describedEndpoints(server) {
      const parts = { engine, outgoing, settings, server, url }
      return [
        { endpoint: registrationEndpoint(parts), paths: paths.registration },
        {
          endpoint: managementEndpoint(parts, paths.registration),
          paths: paths.registration.map((path) => `${path}/*`),
        },
      ]
    },
    sweep: unusedClients(engine, settings, (client) => client.client_document_read === undefined),
  }
}
