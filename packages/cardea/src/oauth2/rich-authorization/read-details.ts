import { isJsonObject, strictJson } from '../../core/crypto/jose/strict-json.ts'
import type { Client } from '../../core/model/client.ts'
import type { AuthorizationDetail } from '../../core/model/grant-facts.ts'
import { usableDetailType } from '../../core/ports/detail-types.ts'
import type { Engine } from '../../core/ports/engine.ts'
import { invalidDetails } from './usable-details.ts'

/** Characters of the parameter: what is asked is kept with every token. */
const longestText = 8192
const mostDetails = 20
/** Objects and lists inside one another; the list of details is the first. */
const deepest = 8

function depthOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0
  return 1 + Math.max(0, ...Object.values(value).map(depthOf))
}

function listFrom(text: string): readonly unknown[] {
  if (text.length > longestText) throw invalidDetails('details_too_long', 'The authorization_details are too long')
  const parsed = strictJson(text)
  if ('problem' in parsed) throw invalidDetails('details_no_json', 'The authorization_details are not JSON')
  const { value } = parsed
  if (!Array.isArray(value) || value.length === 0 || value.length > mostDetails)
    throw invalidDetails('details_no_list', `The authorization_details must be a list of 1 to ${mostDetails} objects`)
  if (depthOf(value) > deepest) throw invalidDetails('details_too_deep', 'The authorization_details are too deep')
  return value
}

async function validated(engine: Engine, client: Client, given: unknown): Promise<AuthorizationDetail> {
  if (!isJsonObject(given) || typeof given.type !== 'string')
    throw invalidDetails('detail_without_type', 'Each of the authorization_details must be an object with a type')
  const { type } = given
  const known = usableDetailType(engine.detailTypes, client, type)
  if (known === undefined)
    throw invalidDetails('unknown_detail_type', 'A type of the authorization_details is not known, or not allowed')
  const detail = await known.validate(given as unknown as AuthorizationDetail, { client })
  if (detail === undefined)
    throw invalidDetails('invalid_detail', `The authorization_details of type '${type}' are not valid`)
  // It would be taken for another type from here on.
  if (detail.type !== type) throw new TypeError(`authorizationDetails.${type}: validate must keep the type`)
  return detail
}

/**
 * RFC 9396 §2 and §5: what the parameter holds, checked by the types there are.
 * @throws ProtocolError `invalid_authorization_details`
 */
export async function detailsFrom(
  engine: Engine,
  client: Client,
  text: string,
): Promise<readonly AuthorizationDetail[]> {
  const details: AuthorizationDetail[] = []
  for (const given of listFrom(text)) details.push(await validated(engine, client, given))
  return details
}
