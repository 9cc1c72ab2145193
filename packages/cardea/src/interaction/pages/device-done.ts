import { doorAjar, doorShut } from './door.ts'
import { html, type SafeHtml } from './html.ts'
import { layout } from './layout.ts'

/** The page after the answer, where the person goes on at the device (RFC 8628 §3.3). */
export interface DeviceDoneView {
  /** Display name of the issuer or product. */
  readonly title: string
  /** Who asked. */
  readonly client: { readonly name: string }
  /** `left`: nobody has answered, and the device still waits. */
  readonly outcome: 'allowed' | 'denied' | 'left'
}

const names = { allowed: 'Device connected', denied: 'Request declined', left: 'Nothing was connected' } as const

function outcomeOf({ client, outcome }: DeviceDoneView): SafeHtml {
  const receiver = html`<strong><bdi>${client.name}</bdi></strong>`
  switch (outcome) {
    case 'allowed':
      return html`${doorAjar}
<h1>Done: go back to your device</h1>
<p>You allowed ${receiver}. It goes on there in a few seconds. You can close this page.</p>`
    case 'denied':
      return html`${doorShut}
<h1>You declined the request</h1>
<p>${receiver} got no access to your account. Your device will say so. You can close this page.</p>`
    case 'left':
      return html`${doorShut}
<h1>Nothing was connected</h1>
<p>${receiver} got no access. Until it expires, the code can still be entered. You can close this page.</p>`
  }
}

/** Renders the page that sends the person back to the device. */
export const deviceDonePage = (view: DeviceDoneView): string =>
  layout({ title: view.title, name: names[view.outcome], content: outcomeOf(view) })
