interface Cookie {
  readonly value: string
  readonly path: string
}

/** The cookies of one browser towards one server: names, values, paths and deletion (RFC 6265 §5.3, §5.4). */
export class CookieJar {
  readonly #cookies = new Map<string, Cookie>()

  set(name: string, value: string): void {
    this.#cookies.set(name, { value, path: '/' })
  }

  /** Takes in the Set-Cookie headers of an answer. */
  store(setCookies: readonly string[]): void {
    for (const line of setCookies) this.#storeOne(line)
  }

  /** The Cookie header for a request path, or undefined when none applies. */
  header(path: string): string | undefined {
    const pairs = []
    for (const [name, cookie] of this.#cookies) if (covers(cookie.path, path)) pairs.push(`${name}=${cookie.value}`)
    return pairs.length > 0 ? pairs.join('; ') : undefined
  }

  #storeOne(line: string): void {
    const [pair = '', ...attributes] = line.split(';').map((part) => part.trim())
    const equals = pair.indexOf('=')
    if (equals < 1) return
    const name = pair.slice(0, equals)
    const value = pair.slice(equals + 1)
    if (value === '' || isExpired(attributes)) this.#cookies.delete(name)
    else this.#cookies.set(name, { value, path: attributeOf(attributes, 'path') ?? '/' })
  }
}

function attributeOf(attributes: readonly string[], name: string): string | undefined {
  const prefix = `${name}=`
  return attributes.find((attribute) => attribute.toLowerCase().startsWith(prefix))?.slice(prefix.length)
}

function isExpired(attributes: readonly string[]): boolean {
  const maxAge = attributeOf(attributes, 'max-age')
  if (maxAge !== undefined) return Number(maxAge) <= 0
  const expires = attributeOf(attributes, 'expires')
  return expires !== undefined && Date.parse(expires) <= Date.now()
}

function covers(cookiePath: string, path: string): boolean {
  if (cookiePath === '/' || cookiePath === path) return true
  return path.startsWith(cookiePath.endsWith('/') ? cookiePath : `${cookiePath}/`)
}
