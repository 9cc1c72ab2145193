import { html, type SafeHtml } from './html.ts'
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

function wayOn({ continueTo, redirectHost: host }: ClientErrorView): SafeHtml | undefined {
  if (continueTo === undefined || host === undefined) return undefined
  return html`<p class="onward">You can close this page. Going on leads to <strong><bdi>${host}</bdi></strong></p>
<ul class="links"><li><a href="${formTarget(continueTo)}" rel="noreferrer">I know this place: go on with the error</a></li></ul>`
}

/** Renders an error that is told to a client only when the person goes on. */
export function clientErrorPage(view: ClientErrorView): string {
  const content = html`<h1>This request cannot be answered</h1>
<p>An application that calls itself <strong><bdi>${view.client.name}</bdi></strong> sent you here with a request that does not work. Nothing was shared with it.</p>
${wayOn(view)}
<dl class="facts">
<dt>Error</dt><dd><code>${view.code}</code></dd>
<dt>Reason</dt><dd>${view.message}</dd>
</dl>`
  return layout({ title: view.title, name: 'This request cannot be answered', content })
}
