import type { DetailDescription } from '../../core/ports/detail-types.ts'
import { type ConsentDevice, deviceRequest } from './consent-device.ts'
import { html, type SafeHtml } from './html.ts'
import { layout } from './layout.ts'
import { externalHref, formTarget } from './url.ts'

/** One permission on the consent page. */
export interface ConsentScope {
  /** RFC 6749 §3.3 scope-token. */
  readonly name: string
  /** What it means, for people. */
  readonly description: string
  /** Whether it is ticked at first. */
  readonly checked: boolean
}

/** One place that the access would be good for (RFC 8707). */
export interface ConsentResource {
  /** What the operator calls it. */
  readonly name: string
  /** Its URI. */
  readonly identifier: string
}

/** The page that asks the resource owner whether a client may have access. */
export interface ConsentView {
  /** Display name of the issuer or product. */
  readonly title: string
  /** Where the answer is posted: `csrf`, any number of `scope`, and button `decision` = `allow` or `deny`. */
  readonly action: string
  /** Goes back with the form, in a hidden field of that name. */
  readonly csrf: string
  /**
   * The client's own statements about itself. Its addresses are linked when they are http or https. `unapproved`: it registered
   * itself, and nobody here has looked at what it says (RFC 7591 §5).
   */
  readonly client: {
    readonly id: string
    readonly name: string
    readonly uri?: string
    readonly policyUri?: string
    readonly tosUri?: string
    readonly unapproved?: boolean
  }
  /**
   * Host of the redirect URI: what the client cannot choose freely, so the person can recognise an impostor. Undefined:
   * the person is shown a code to type into the application.
   */
  readonly redirectHost: string | undefined
  /** Who is asked. */
  readonly user: { readonly displayName: string }
  /** What the client would be allowed. */
  readonly scopes: readonly ConsentScope[]
  /** Where it would be good. Absent: the client did not say. */
  readonly resources?: readonly ConsentResource[]
  /** RFC 9396: what else it would be allowed, all of it or nothing. */
  readonly details?: readonly DetailDescription[]
  /** What was wrong with the answer given before. */
  readonly problem: undefined | 'nothing_chosen'
  /** RFC 8628: what waits for the answer. Absent: this browser, which is sent to `redirectHost` with it. */
  readonly device?: ConsentDevice
  /** Where the button "Use another account" posts `csrf` and `action` = `switch_account`. */
  readonly switchAccountAction?: string
}

function link(address: string | undefined, label: string, tellsHost: boolean): SafeHtml | undefined {
  const href = externalHref(address)
  if (href === undefined) return undefined
  const host = tellsHost && html` (<bdi>${new URL(href).host}</bdi>)`
  return html`<li><a href="${href}" target="_blank" rel="noopener noreferrer">${label}${host}<span class="unseen"> (opens in a new tab)</span></a></li>`
}

/** RFC 7591 §5: links to the pages of another make nobody that other. */
function clientLinks({ policyUri, tosUri, unapproved = false, uri }: ConsentView['client']): SafeHtml {
  const links = [
    link(uri, 'Website', unapproved),
    link(policyUri, 'Privacy policy', unapproved),
    link(tosUri, 'Terms of service', unapproved),
  ].filter((item) => item !== undefined)
  const [own, them] = links.length > 0 ? ['This name and these links are', 'them'] : ['This name is', 'it']
  return html`${links.length > 0 && html`<ul class="links">${links}</ul>`}
${unapproved && html`<p class="soft">${own} the application’s own choice: nobody here has checked ${them}</p>`}`
}

function identity(view: ConsentView): SafeHtml {
  return html`<div class="identity">
<p>Signed in as <strong><bdi>${view.user.displayName}</bdi></strong></p>
${
  view.switchAccountAction !== undefined &&
  html`<form method="post" action="${formTarget(view.switchAccountAction)}">
<input type="hidden" name="csrf" value="${view.csrf}">
<button class="plain" type="submit" name="action" value="switch_account">Use another account</button>
</form>`
}
</div>`
}

function scopeChoice(scope: ConsentScope, extra: SafeHtml | undefined): SafeHtml {
  const text = scope.description === '' ? scope.name : scope.description
  return html`<label class="scope"><input type="checkbox" name="scope" value="${scope.name}"${scope.checked && html` checked`}${extra}><span>${text}<code>${scope.name}</code></span></label>
`
}

function request(view: ConsentView): SafeHtml {
  const hasDetails = view.details !== undefined && view.details.length > 0
  if (view.scopes.length === 0) {
    if (hasDetails) return html``
    return html`<p class="nothing">It asks only to confirm who you are. It does not ask for any other access.</p>`
  }
  const extra = view.problem && html` aria-invalid="true" aria-describedby="problem"`
  return html`<fieldset>
<legend>${hasDetails ? 'Choose what else to allow' : 'Choose what to allow'}</legend>
${view.scopes.map((scope) => scopeChoice(scope, extra))}</fieldset>`
}

function places(resources: readonly ConsentResource[] = []): SafeHtml | undefined {
  if (resources.length === 0) return undefined
  const items = resources.map(
    ({ identifier, name }) =>
      html`<li><strong><bdi>${name}</bdi></strong>${name !== identifier && html` <code><bdi>${identifier}</bdi></code>`}</li>`,
  )
  return html`<div class="places"><p>This access is for</p>
<ul>${items}</ul></div>
`
}

function detailCard({ title, lines = [] }: DetailDescription): SafeHtml {
  const facts = lines.map(
    ({ label, value }) => html`<div><dt><bdi>${label}</bdi></dt><dd><bdi>${value}</bdi></dd></div>
`,
  )
  return html`<section class="detail">
<h2><bdi>${title}</bdi></h2>
${
  facts.length > 0 &&
  html`<dl>
${facts}</dl>
`
}</section>
`
}

function detailCards(details: readonly DetailDescription[] = []): SafeHtml | undefined {
  if (details.length === 0) return undefined
  return html`<p class="exactly">With “Allow” you agree to exactly this:</p>
${details.map(detailCard)}`
}

/** RFC 8252 §8.6: whoever listens there gets the answer. */
const loopback = /^(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?$/

function onward({ device, redirectHost: host }: ConsentView): SafeHtml {
  if (device !== undefined) return html`<p class="onward">Your device goes on as soon as you have answered</p>`
  if (host === undefined) return html`<p class="onward">You will get a code to type into the application</p>`
  return html`<p class="onward">You will be sent to <strong><bdi>${host}</bdi></strong></p>
${loopback.test(host) && html`<p class="onward">This is a program on your own device, and any program there could say that it is this one. Allow it only if you have just started it</p>`}`
}

/** Renders the consent page. */
export function consentPage(view: ConsentView): string {
  // No control has an id or takes the focus: a page that opens this one with a URL fragment, while the person holds
  // Enter down for some other reason, must not move the focus to Allow or to a box that submits the form.
  const content = html`<h1><bdi>${view.client.name}</bdi> asks for access to your account</h1>
<p class="soft">Client ID <code><bdi>${view.client.id}</bdi></code></p>
${clientLinks(view.client)}
${identity(view)}
${view.device && deviceRequest(view.device)}
${view.problem && html`<p class="alert" role="alert" id="problem">Nothing is chosen. Choose at least one item, or decline.</p>`}
<form method="post" action="${formTarget(view.action)}" autocomplete="off">
<input type="hidden" name="csrf" value="${view.csrf}">
${detailCards(view.details)}${request(view)}
${places(view.resources)}${onward(view)}
<div class="actions">
<button class="primary" type="submit" name="decision" value="allow">Allow</button>
<button type="submit" name="decision" value="deny">Decline</button>
</div>
</form>`
  return layout({
    title: view.title,
    name: view.problem === undefined ? 'Allow access' : 'Error: Allow access',
    content,
  })
}
