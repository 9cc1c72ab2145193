import { textReadBefore } from './parsed-body.ts'

type Cached = Partial<Record<string, unknown>>

const formText = (form: FormData): string =>
  new URLSearchParams([...form].filter((pair): pair is [string, string] => typeof pair[1] === 'string')).toString()

async function textOf(body: unknown): Promise<string> {
  if (body instanceof ArrayBuffer) return textReadBefore({ rawBody: new Uint8Array(body) })
  if (body instanceof Blob) return textReadBefore({ rawBody: new Uint8Array(await body.arrayBuffer()) })
  return body instanceof FormData ? formText(body) : textReadBefore({ body })
}

/** What Hono's own methods have read, the exact ones first. */
const readBefore = (cache: Cached): unknown =>
  cache.text ?? cache.arrayBuffer ?? cache.blob ?? cache.formData ?? cache.parsedBody

/** The text of a body that was read by Hono's own methods before; undefined when it was not. */
export async function cachedText(cache: Cached): Promise<string | undefined> {
  const body = readBefore(cache)
  return body === undefined ? undefined : textOf(await body)
}

/** Whether that text is what was sent. */
export const isCachedAsSent = (cache: Cached): boolean =>
  (cache.text ?? cache.arrayBuffer ?? cache.blob) !== undefined || readBefore(cache) === undefined
