/** An HTTP/1.1 answer as it came off the socket. Texts hold one character per byte (latin1). */
export interface HttpResponse {
  readonly status: number
  /** Status line and header lines, without the blank line. */
  readonly head: string
  readonly body: string
}

interface Extent {
  readonly body: string
  /** Where the answer ends in the received text. */
  readonly end: number
}

/**
 * Takes the first complete answer out of the received text.
 *
 * @param received everything received so far, as latin1
 * @param closed whether the other side has closed, which ends an answer that announced no length
 * @returns undefined while the answer is incomplete
 * @throws Error when the text is not an HTTP/1.1 answer
 */
export function takeResponse(received: string, closed = false): { response: HttpResponse; rest: string } | undefined {
  const headEnd = received.indexOf('\r\n\r\n')
  if (headEnd < 0) return undefined
  const head = received.slice(0, headEnd)
  if (!/^HTTP\/1\.1 \d{3}/.test(head)) throw new Error(`not an HTTP/1.1 answer: ${head.slice(0, 60)}`)
  const status = Number(head.slice(9, 12))
  const extent = findBody(received, head, status, headEnd + 4, closed)
  return extent && { response: { status, head, body: extent.body }, rest: received.slice(extent.end) }
}

/** The value of the first header of this name, or undefined. */
export function headerOf(response: HttpResponse, name: string): string | undefined {
  return headersOf(response, name)[0]
}

/** The values of all headers of this name. */
export function headersOf(response: HttpResponse, name: string): string[] {
  const prefix = `${name.toLowerCase()}:`
  return response.head
    .split('\r\n')
    .filter((line) => line.toLowerCase().startsWith(prefix))
    .map((line) => line.slice(prefix.length).trim())
}

function findBody(received: string, head: string, status: number, start: number, closed: boolean): Extent | undefined {
  if (status === 204 || status === 304) return { body: '', end: start }
  if (/\r\ntransfer-encoding:[ \t]*chunked/i.test(head)) return joinChunks(received, start)
  const length = /\r\ncontent-length:[ \t]*(\d+)/i.exec(head)?.[1]
  if (length !== undefined) {
    const end = start + Number(length)
    return received.length < end ? undefined : { body: received.slice(start, end), end }
  }
  return closed ? { body: received.slice(start), end: received.length } : undefined
}

function joinChunks(received: string, start: number): Extent | undefined {
  let body = ''
  let position = start
  for (;;) {
    const lineEnd = received.indexOf('\r\n', position)
    if (lineEnd < 0) return undefined
    const size = Number.parseInt(received.slice(position, lineEnd), 16)
    if (Number.isNaN(size)) throw new Error('chunk without a size')
    if (size === 0) return afterTrailers(received, lineEnd, body)
    const dataEnd = lineEnd + 2 + size
    if (received.length < dataEnd + 2) return undefined
    body += received.slice(lineEnd + 2, dataEnd)
    position = dataEnd + 2
  }
}

function afterTrailers(received: string, lastChunkLineEnd: number, body: string): Extent | undefined {
  const blank = received.indexOf('\r\n\r\n', lastChunkLineEnd)
  return blank < 0 ? undefined : { body, end: blank + 4 }
}
