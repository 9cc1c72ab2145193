import { html } from './html.ts'
import { layout } from './layout.ts'

/** The page for a request that cannot be sent back to its client with an error. */
export interface ErrorView {
  /** Display name of the issuer or product. */
  readonly title: string
  /** What happened, in few words. */
  readonly heading: string
  /** What happened and what helps, for the person in front of the page. */
  readonly message: string
  /** OAuth error code, as `invalid_request` (RFC 6749 §4.1.2.1). */
  readonly code: string
  /** What the person can do next. */
  readonly hint?: string
  /** The response's HTTP status. */
  readonly status: number
}

/** Renders an error. */
export function errorPage(view: ErrorView): string {
  const content = html`<h1>${view.heading}</h1>
<p>${view.message}</p>
${view.hint !== undefined && html`<p>${view.hint}</p>`}
<dl class="facts">
<dt>Error</dt><dd><code>${view.code}</code></dd>
<dt>Status</dt><dd><code>${view.status}</code></dd>
</dl>`
  return layout({ title: view.title, name: view.heading, content })
}
