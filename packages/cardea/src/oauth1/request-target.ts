export interface TargetParts {
  /** Raw, as sent. */
  readonly path: string
  /** Raw, without the question mark. */
  readonly query: string
}

export interface UrlParts extends TargetParts {
  readonly origin: string
}

const absoluteForm = /^https?:\/\/[^/?#]*/i

function cut(text: string): TargetParts {
  const mark = text.indexOf('?')
  return mark === -1 ? { path: text, query: '' } : { path: text.slice(0, mark), query: text.slice(mark + 1) }
}

/** Path and query of a request target, RFC 9112 §3.2; of the absolute form, the part behind the authority. */
export function splitTarget(target: string): TargetParts {
  return cut(target.startsWith('/') ? target : target.replace(absoluteForm, ''))
}

/**
 * An absolute http(s) URL in its parts as written, its fragment left out. Undefined when it is none. The `URL` class
 * would resolve dot segments and re-encode, and OAuth 1 signs what is sent.
 */
export function splitUrl(url: string): UrlParts | undefined {
  const origin = absoluteForm.exec(url)?.[0]
  if (origin === undefined) return undefined
  const [sent = ''] = url.slice(origin.length).split('#', 1)
  return { origin, ...cut(sent) }
}
