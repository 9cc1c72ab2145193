/** What leads to code, files, settings, other servers or other programs wherever it is followed. */
const taken = new Set([
  ...['http', 'https', 'ws', 'wss', 'ftp', 'ftps', 'sftp', 'ssh', 'telnet', 'gopher', 'ldap', 'ldaps', 'smb', 'nfs'],
  ...['javascript', 'vbscript', 'livescript', 'data', 'blob', 'file', 'filesystem', 'about', 'jar', 'view-source'],
  ...['mailto', 'tel', 'sms', 'cid', 'mid', 'urn', 'intent', 'content', 'resource', 'chrome', 'edge', 'moz-extension'],
  ...['chrome-extension', 'ms-settings', 'ms-msdt', 'search-ms', 'shell', 'res', 'mhtml', 'its', 'ms-its', 'x-apple'],
])

/**
 * RFC 8252 §7.1, §8.4: whether an operator may allow apps this private-use scheme although it has no dot, so that nobody can
 * tell whose it is.
 */
export const isRedirectScheme = (name: unknown): name is string =>
  typeof name === 'string' && /^[a-z][a-z0-9+-]{0,62}$/.test(name) && !taken.has(name)
