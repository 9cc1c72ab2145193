/** One attribute, such as the common name: its type as an OID where we know it, and its value. */
export type Attribute = string

/** A distinguished name (RFC 4514 §2): relative names, most specific first, each with its attributes in order of type. */
export type DistinguishedName = readonly (readonly Attribute[])[]

/** RFC 4514 §3 and what OpenSSL and others call the same types besides. */
const types: Readonly<Record<string, string>> = {
  cn: '2.5.4.3',
  commonname: '2.5.4.3',
  sn: '2.5.4.4',
  surname: '2.5.4.4',
  serialnumber: '2.5.4.5',
  c: '2.5.4.6',
  countryname: '2.5.4.6',
  l: '2.5.4.7',
  localityname: '2.5.4.7',
  st: '2.5.4.8',
  s: '2.5.4.8',
  stateorprovincename: '2.5.4.8',
  street: '2.5.4.9',
  streetaddress: '2.5.4.9',
  o: '2.5.4.10',
  organizationname: '2.5.4.10',
  ou: '2.5.4.11',
  organizationalunitname: '2.5.4.11',
  title: '2.5.4.12',
  description: '2.5.4.13',
  businesscategory: '2.5.4.15',
  postalcode: '2.5.4.17',
  gn: '2.5.4.42',
  givenname: '2.5.4.42',
  initials: '2.5.4.43',
  dnqualifier: '2.5.4.46',
  pseudonym: '2.5.4.65',
  organizationidentifier: '2.5.4.97',
  uid: '0.9.2342.19200300.100.1.1',
  userid: '0.9.2342.19200300.100.1.1',
  dc: '0.9.2342.19200300.100.1.25',
  domaincomponent: '0.9.2342.19200300.100.1.25',
  e: '1.2.840.113549.1.9.1',
  email: '1.2.840.113549.1.9.1',
  emailaddress: '1.2.840.113549.1.9.1',
  jurisdictionl: '1.3.6.1.4.1.311.60.2.1.1',
  jurisdictionst: '1.3.6.1.4.1.311.60.2.1.2',
  jurisdictionc: '1.3.6.1.4.1.311.60.2.1.3',
}

const typeFrom = (name: string): string => {
  const lower = name.toLowerCase()
  return types[lower] ?? lower.replace(/^oid\./, '')
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** RFC 4514 §2.4: `\,` is a comma, `\C4\8D` are bytes of UTF-8. Undefined for a backslash before anything else. */
function unescaped(text: string): string | undefined {
  const bytes: number[] = []
  for (let at = 0; at < text.length; at += 1) {
    const [character = ''] = text.slice(at)
    if (character !== '\\') {
      bytes.push(...Buffer.from(String.fromCodePoint(text.codePointAt(at) as number)))
      if ((text.codePointAt(at) as number) > 0xffff) at += 1
      continue
    }
    const pair = /^[0-9a-f]{2}/i.exec(text.slice(at + 1, at + 3))?.[0]
    const special = /^[\\"+,;<>#= ]/.exec(text.slice(at + 1, at + 2))?.[0]
    if (pair !== undefined) bytes.push(Number.parseInt(pair, 16))
    else if (special !== undefined) bytes.push(special.charCodeAt(0))
    else return undefined
    at += pair === undefined ? 1 : 2
  }
  try {
    return utf8.decode(Uint8Array.from(bytes))
  } catch {
    return undefined
  }
}

/** RFC 4514 §2.4: `#` and the DER of the value; the character strings of one byte or UTF-8 are understood. */
function fromHex(text: string): string | undefined {
  if (!/^#(?:[0-9a-f]{2}){3,}$/i.test(text)) return undefined
  const [tag = 0, length = 0, ...value] = Buffer.from(text.slice(1), 'hex')
  // Longer than 127 bytes, or of another type: nobody writes a name like this.
  if (![0x0c, 0x13, 0x16].includes(tag) || length > 127 || length !== value.length) return undefined
  try {
    return utf8.decode(Uint8Array.from(value))
  } catch {
    return undefined
  }
}

/** Spaces around a value count for nothing, unless they are escaped. */
function trimmed(text: string): string {
  const value = text.replace(/^ +/, '')
  const end = value.replace(/ +$/, '')
  const [backslashes = ''] = /\\*$/.exec(end) ?? []
  return backslashes.length % 2 === 1 && end.length < value.length ? `${end} ` : end
}

function attributeFrom(text: string): Attribute | undefined {
  const [, name, written = ''] = /^ *([A-Za-z][A-Za-z0-9-]*|(?:OID\.)?\d+(?:\.\d+)+) *=(.*)$/is.exec(text) ?? []
  if (name === undefined) return undefined
  const value = trimmed(written)
  const meant = value.startsWith('#') ? fromHex(value) : unescaped(value)
  // A separator no value has, or one attribute could be written to look like two.
  return meant === undefined || meant === '' ? undefined : JSON.stringify([typeFrom(name), meant])
}

function split(text: string, separators: string): string[] {
  const parts = ['']
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at] as string
    const last = parts.length - 1
    if (character === '\\') {
      parts[last] += text.slice(at, at + 2)
      at += 1
    } else if (separators.includes(character)) parts.push('')
    else parts[last] += character
  }
  return parts
}

function relativeName(text: string): readonly Attribute[] | undefined {
  const attributes = split(text, '+').map(attributeFrom)
  return attributes.some((one) => one === undefined) ? undefined : (attributes as Attribute[]).toSorted()
}

function nameOf(parts: readonly string[]): DistinguishedName | undefined {
  const names = parts.map(relativeName)
  return names.length === 0 || names.some((one) => one === undefined) ? undefined : (names as DistinguishedName)
}

const longestName = 4096

/** A distinguished name as RFC 4514 writes it. Undefined for what is none. */
export const nameFrom = (text: string): DistinguishedName | undefined =>
  text.length > longestName ? undefined : nameOf(split(text, ',;'))

/**
 * The subject of a certificate as node:crypto tells it: one relative name a line, escaped as RFC 2253 says, in the order
 * of the certificate, which is the reverse of the written one.
 */
export const nameFromLines = (lines: string): DistinguishedName | undefined => nameOf(lines.split('\n').toReversed())

/** RFC 4514 and RFC 8705 §2.1.2: the same attributes in the same order, whatever the escapes. Values are compared exactly. */
export const isSameName = (one: DistinguishedName, other: DistinguishedName): boolean =>
  JSON.stringify(one) === JSON.stringify(other)
