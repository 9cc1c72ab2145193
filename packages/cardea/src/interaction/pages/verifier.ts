import { html } from './html.ts'
import { layout } from './layout.ts'

/** RFC 5849 §2.2: the verifier of a client that cannot receive a redirect (`oob`), for the person to type in there. */
export interface VerifierView {
  /** Display name of the issuer or product. */
  readonly title: string
  /** Who waits for it. */
  readonly client: { readonly name: string }
  /** What to type in there (RFC 5849 §2.2). */
  readonly verifier: string
}

/** Renders the page that shows the verifier. */
export function verifierPage(view: VerifierView): string {
  const content = html`<h1>Type this code into <bdi>${view.client.name}</bdi></h1>
<p class="verifier"><output aria-label="Code">${view.verifier}</output></p>
<p>You allowed the request. The application asks for this code to complete it; give it to nobody else. You can then close this page.</p>`
  return layout({ title: view.title, name: 'Your code', content })
}
