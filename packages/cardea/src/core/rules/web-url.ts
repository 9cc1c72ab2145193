/** Characters of a URL that anything has to store or show. */
const longest = 2048

/** RFC 3986 characters only, no user name, no backslash: what different parsers read differently is refused. */
const webUrl = /^https?:\/\/(?![^/?#]*@)[\w!$%&'()*+,./:;=?@[\]~#-]+$/i

/** An absolute http or https URL that means the same to every parser. */
export const isWebUrl = (text: string): boolean => text.length <= longest && webUrl.test(text) && URL.canParse(text)

/** The same, https only. */
export const isHttpsUrl = (text: string): boolean => isWebUrl(text) && /^https:/i.test(text)

/**
 * What may be fetched at all: over https, or from this machine, where nobody is on the way. Whether it is, the guarded door
 * decides, which goes to this machine only where that is allowed by name.
 */
export const isFetchableUrl = (text: string): boolean =>
  isHttpsUrl(text) || (isWebUrl(text) && /^http:\/\/(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?(?:[/?#]|$)/i.test(text))
