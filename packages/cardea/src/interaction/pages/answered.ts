import { doorShut } from './door.ts'
import { html } from './html.ts'
import { layout } from './layout.ts'

/** The page for a request that was answered before, as the back button shows it. */
export interface AnsweredView {
  /** Display name of the issuer or product. */
  readonly title: string
}

/** Renders the page for a request that has already been answered. */
export function answeredPage(view: AnsweredView): string {
  const content = html`${doorShut}
<h1>This request has already been answered</h1>
<p>An answer counts once and cannot be changed here. To begin a new request, go back to the application and start again.</p>`
  return layout({ title: view.title, name: 'Already answered', content })
}
