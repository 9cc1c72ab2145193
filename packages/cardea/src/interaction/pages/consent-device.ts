import { html, type SafeHtml } from './html.ts'

/** A device that waits for the answer (RFC 8628 §5.4: whoever is asked must be able to tell whose it is). */
export interface ConsentDevice {
  /** As the device shows it. */
  readonly userCode: string
  /** Whole minutes since it asked. */
  readonly minutesAgo: number
  /** Network it asked from: an IPv4 address, or the /64 of an IPv6 one. Undefined: unknown. */
  readonly requestedFrom: string | undefined
  /** That is another network than the one this browser is in. */
  readonly otherNetwork: boolean
}

function moment(minutes: number): string {
  if (minutes < 1) return 'Just now'
  return minutes === 1 ? '1 minute ago' : `${minutes} minutes ago`
}

function origin({ otherNetwork, requestedFrom }: ConsentDevice): SafeHtml | undefined {
  if (requestedFrom === undefined) return undefined
  return html`<dt>From</dt><dd><code><bdi>${requestedFrom}</bdi></code>${otherNetwork && html` <strong>Not the network you are on now</strong>`}</dd>
`
}

/** The part of the consent page that shows the device. */
export function deviceRequest(device: ConsentDevice): SafeHtml {
  return html`<section class="device" aria-labelledby="device-code">
<h2 id="device-code">Does your device show this code?</h2>
<p class="code"><output aria-label="Code">${device.userCode}</output></p>
<dl class="facts">
<dt>Asked</dt><dd>${moment(device.minutesAgo)}</dd>
${origin(device)}</dl>
<p class="caution"><strong>Did someone send you this code, or a link to this page?</strong> Then decline: they would get access to your account.</p>
</section>`
}
