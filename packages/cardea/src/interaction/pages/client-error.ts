import { html } from './html.ts'
import { layout } from './layout.ts'
import { formTarget } from './url.ts'

/**
 * The page for an error that a client is to be told of which nobody has looked at: the person sees where they would be
 * sent before they are (RFC 9700 §4.11.2).
 */
export interface ClientErrorView {
  /** Display name of the issuer or product. */
  readonly title: string
  /** What the client calls itself. */
  readonly client: { readonly name: string }
  /** Host, or scheme of an app, that `continueTo` leads to. */
  readonly redirectHost: string | undefined
  /** Where the person may go on to, with the error. Undefined: there is no way on from a link. */
  readonly continueTo: string | undefined
  /** What happened, for developers. */
  readonly message: string
  /** OAuth error code, as `invalid_scope` (RFC 6749 §4.1.2.1). */
  readonly code: string
}

/** Renders an error that is told to a client only when the person goes on. */
export function clientErrorPage(view: ClientErrorView): string {
  const name = html`<strong><bdi>${view.client.name}</bdi></strong>`
  const content = html`<h1>This request cannot be answered</h1>
<p>An application that calls itself ${name} sent you here with a request that does not work. Nothing was shared with it.</p>
${
  view.continueTo !== undefined &&
  view.redirectHost !== undefined &&
  html`<p>You can close this page. Go on only if you know this place: <a href="${formTarget(view.continueTo)}" rel="noreferrer">Continue to <strong>${view.redirectHost}</strong></a></p>`
}
<dl class="facts">
<dt>Error</dt><dd><code>${view.code}</code></dd>
<dt>Reason</dt><dd>${view.message}</dd>
</dl>`
  return layout({ title: view.title, name: 'This request cannot be answered', content })
}
