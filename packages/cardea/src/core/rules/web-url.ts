/** Characters of a URL that anything has to store or show. */
const longest = 2048

/** RFC 3986 characters only, no user name, no backslash: what different parsers read differently is refused. */
const webUrl = /^https?:\/\/(?![^/?#]*@)[\w!$%&'()*+,./:;=?@[\]~#-]+$/i

/** An absolute http or https URL that means the same to every parser. */
export const isWebUrl = (text: string): boolean => text.length <= longest && webUrl.test(text) && URL.canParse(text)

/** The same, https only. */
export const isHttpsUrl = (text: string): boolean => isWebUrl(text) && /^https:/i.test(text)
