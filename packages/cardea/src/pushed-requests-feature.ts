import type { MakeExtension } from './extension.ts'
import { pushEndpoint } from './oauth2/pushed/push-endpoint.ts'
import { pushedRequestSource } from './oauth2/pushed/pushed-request-source.ts'
import { pushedRequestsSettings } from './oauth2/pushed/pushed-requests-options.ts'
import { pushedRule } from './oauth2/pushed/pushed-rule.ts'

/** RFC 9126. */
export const pushedRequestsFeature: MakeExtension = ({ engine, options: { pushedRequests = false }, paths }) => {
  if (pushedRequests === false) return { originRules: [pushedRule(false)] }
  const settings = pushedRequestsSettings(pushedRequests)
  const urls = paths.pushedRequest.map((path) => new URL(engine.settings.issuer).origin + path)
  return {
    originRules: [pushedRule(settings.required)],
    requestSources: [pushedRequestSource],
    checkingEndpoints: (checks) => [
      {
        endpoint: pushEndpoint(checks, { settings, urls, proofReaders: checks.rules.proofReaders }),
        paths: paths.pushedRequest,
      },
    ],
  }
}
