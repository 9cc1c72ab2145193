import type { MakeExtension } from './extension.ts'
import { deviceAuthorizationEndpoint } from './oauth2/device/device-authorization-endpoint.ts'
import { deviceCode } from './oauth2/device/device-code-grant.ts'
import { deviceGrantSettings } from './oauth2/device/device-grant-options.ts'
import { deviceInteraction } from './oauth2/device/device-interaction.ts'
import { devicePage } from './oauth2/device/device-page.ts'

/** RFC 8628. */
export const deviceGrantFeature: MakeExtension = ({ engine, options, paths, present, refusals }) => {
  const { deviceGrant = false } = options
  if (deviceGrant === false) return undefined
  const settings = deviceGrantSettings(deviceGrant)
  const [path = '', interactionPath = ''] = [paths.device[0], paths.interaction[0]]
  const verificationUri = new URL(engine.settings.issuer).origin + path
  const page = devicePage(engine, { path, interactionPath, userCode: settings.userCode, present })
  return {
    grants: [deviceCode()],
    interactions: [deviceInteraction(engine, present)],
    routes: [{ name: 'device', paths: paths.device, methods: page, refuse: refusals.asPage }],
    checkingEndpoints: ({ rules: { factReaders } }) => [
      {
        endpoint: deviceAuthorizationEndpoint({ ...settings, verificationUri, factReaders }),
        paths: paths.deviceAuthorization,
      },
    ],
  }
}
