import type { HttpResponse } from '../http/response.ts'

/** What is used of a reply of Fastify 5. */
export interface FastifyReply {
  /** Sets the status of the answer. */
  code(status: number): unknown
  /** Sets a header of the answer; a list sends it once for each value. */
  header(name: string, value: string | string[]): unknown
  /** Sends the answer. */
  send(payload: Buffer): unknown
}

/** Sends an answer of ours through Fastify. */
export function answerFastify(reply: FastifyReply, { status, headers, body }: HttpResponse): void {
  reply.code(status)
  for (const [name, value] of Object.entries(headers)) {
    if (value.length > 0) reply.header(name, typeof value === 'string' ? value : [...value])
  }
  // Bytes: to the type of a text Fastify would add a charset, which JSON does not have.
  reply.send(Buffer.from(body))
}
