import { isJsonObject, type JsonObject, strictJson } from '../core/crypto/jose/strict-json.ts'
import { invalidRequest, ProtocolError } from '../core/spec/errors.ts'
import { isEncoded } from './content-encoding.ts'
import type { HttpRequest } from './request.ts'

const isJson = (contentType: string | undefined): boolean =>
  contentType?.split(';', 1)[0]?.trim().toLowerCase() === 'application/json'

const wrong = (reason: string, description: string): ProtocolError =>
  new ProtocolError('invalid_client_metadata', reason, { description })

const descriptions = {
  malformed: 'The body is not valid JSON',
  duplicate_member: 'The body holds a member twice, or one of a name that is not allowed',
  too_deep: 'The body is nested too deeply',
} as const

/**
 * Reads client metadata (RFC 7591 §3.1): one JSON object, each member once. Only of the JSON type: a form or plain text
 * can be sent across sites without the browser asking first.
 * @param most characters of the body
 * @throws ProtocolError `invalid_request` where there is no JSON body, `invalid_client_metadata` for what is no such object
 */
export async function jsonBodyOf(request: HttpRequest, most: number): Promise<JsonObject> {
  if (!isJson(request.header('content-type'))) {
    throw invalidRequest('not_json', 'Send the metadata in the body as application/json')
  }
  if (isEncoded(request)) {
    throw new ProtocolError('unsupported_media_type', 'content_encoding', { description: 'Send the body uncompressed' })
  }
  const text = await request.text()
  if (text.trim() === '') throw invalidRequest('empty_body', 'The body is empty')
  if (text.length > most) throw wrong('body_too_large', `The body may have at most ${most} characters`)
  const parsed = strictJson(text)
  if ('problem' in parsed) throw wrong(`body_${parsed.problem}`, descriptions[parsed.problem])
  if (!isJsonObject(parsed.value)) throw wrong('body_not_an_object', 'The body must be one JSON object')
  return parsed.value
}
