import { addressesOf } from './endpoint-addresses.ts'
import type { MakeExtension } from './extension.ts'
import { pushEndpoint } from './oauth2/pushed/push-endpoint.ts'
import { pushedRequestSource } from './oauth2/pushed/pushed-request-source.ts'
import { pushedRequestsSettings } from './oauth2/pushed/pushed-requests-options.ts'
import { pushedRule } from './oauth2/pushed/pushed-rule.ts'

/** RFC 9126. */
export const pushedRequestsFeature: MakeExtension = ({ options, paths }) => {
  const { pushedRequests = false } = options
  if (pushedRequests === false) return { originRules: [pushedRule(false)] }
  const settings = pushedRequestsSettings(pushedRequests)
  const urls = addressesOf(options, paths.pushedRequest)
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
