/**
 * Sources for `form-action` of a page whose form ends in a redirect to `redirectUri`. Chromium applies the directive to
 * every redirect that follows a form, those of the client's own site included, so naming only the client's origin
 * would stop clients whose callback moves the person on to another host of theirs. An http redirect URI (loopback) is
 * named by its scheme too: one development server hands over to the next, and a source cannot name an IPv6 address.
 */
export function formTargetsFor(redirectUri: string): { readonly formTargets?: string } {
  if (!redirectUri.includes(':')) return {} // `oob`: the person stays here
  const scheme = redirectUri.slice(0, redirectUri.indexOf(':') + 1).toLowerCase()
  return { formTargets: scheme === 'https:' ? scheme : `https: ${scheme}` }
}
