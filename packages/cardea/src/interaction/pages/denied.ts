import { doorShut } from './door.ts'
import { html } from './html.ts'
import { layout } from './layout.ts'

/** The page after Decline, where the browser is not sent back to the client. */
export interface DeniedView {
  /** Display name of the issuer or product. */
  readonly title: string
  /** Who asked; undefined where nobody can say. */
  readonly client: { readonly name: string } | undefined
}

/** Renders the page that confirms a declined request. */
export function deniedPage(view: DeniedView): string {
  const receiver = view.client ? html`<strong><bdi>${view.client.name}</bdi></strong>` : 'the application'
  const content = html`${doorShut}
<h1>You declined the request</h1>
<p>Nothing was shared with ${receiver}. You can close this page.</p>`
  return layout({ title: view.title, name: 'Request declined', content })
}
