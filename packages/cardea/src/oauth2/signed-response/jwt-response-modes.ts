import { isError, queryRedirect, type ResponseFields, type ResponseMode } from '../authorize/response-mode.ts'
import { type ResponseJwtParts, responseJwt } from './response-jwt.ts'

/** JARM §2.3: every way to travel, with the answer in one signed parameter; errors too. */
export function jwtResponseModes(
  parts: ResponseJwtParts,
  { formPost, fragment }: { readonly formPost: ResponseMode; readonly fragment: ResponseMode },
): readonly ResponseMode[] {
  const signed = async (clientId: string, fields: ResponseFields): Promise<ResponseFields> => [
    ['response', await responseJwt(parts, clientId, fields)],
  ]
  const over = (mode: ResponseMode): ResponseMode => ({
    name: `${mode.name}.jwt`,
    carriesTokens: true,
    respond: async (redirectUri, fields, recipient) =>
      mode.respond(redirectUri, await signed(recipient.clientId, fields), recipient),
  })
  // JARM §2.3.1: a signature hides nothing, so no token travels in a query.
  const query: ResponseMode = {
    name: 'query.jwt',
    respond: async (redirectUri, fields, { clientId }) =>
      queryRedirect(redirectUri, await signed(clientId, fields), isError(fields)),
  }
  const standsFor = { query: query.name, fragment: 'fragment.jwt' }
  return [query, over(fragment), over(formPost), { ...query, name: 'jwt', standsFor }]
}
