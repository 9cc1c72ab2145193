import { html, type SafeHtml } from './html.ts'
import { layout } from './layout.ts'
import { formTarget } from './url.ts'
import { waitingTime } from './waiting-time.ts'

/** The page at which people enter the code that a device shows (RFC 8628 §3.3). */
export interface DeviceCodeView {
  /** Display name of the issuer or product. */
  readonly title: string
  /** Where the form is posted: `csrf`, `user_code`, and button `action` = `continue` or `switch_account`. */
  readonly action: string
  /** Goes back with the form, in a hidden field of that name. */
  readonly csrf: string
  /** What codes are made of. */
  readonly kind: 'letters' | 'digits'
  /** What was typed before, or came with the link; empty for a fresh form. */
  readonly userCode: string
  /** Who is signed in, and would be asked. Undefined: nobody yet. */
  readonly user: { readonly displayName: string } | undefined
  /** Why the form is shown again. It must be the same for codes that are unknown, expired or answered. */
  readonly problem: undefined | 'missing' | 'malformed' | 'unknown' | 'too_many_attempts' | 'form_expired'
  /** With `too_many_attempts`: minutes until the next try is possible. */
  readonly retryAfterMinutes?: number
}

const shapes = {
  letters: { words: '8 letters without vowels', example: 'BDWP-HQPK', inputMode: 'text' },
  digits: { words: '12 digits', example: '019-450-730-264', inputMode: 'numeric' },
} as const

function explain({ kind, problem, retryAfterMinutes }: DeviceCodeView): string | undefined {
  switch (problem) {
    case undefined:
      return undefined
    case 'missing':
      return 'Please enter the code that your device shows.'
    case 'malformed':
      return `That is not a code of a device: those have ${shapes[kind].words}. Please check it and try again.`
    case 'unknown':
      return 'No device is waiting with that code. Please check it. If the code is older, start again on your device to get a new one.'
    case 'too_many_attempts':
      return `Too many codes were wrong. Please try again ${waitingTime(retryAfterMinutes)}.`
    case 'form_expired':
      return 'This page was open for too long. Please check the code and continue.'
  }
}

function identity({ user }: DeviceCodeView): SafeHtml | undefined {
  if (user === undefined) return undefined
  return html`<div class="identity">
<p>Signed in as <strong><bdi>${user.displayName}</bdi></strong></p>
<button class="plain" type="submit" name="action" value="switch_account" formnovalidate>Use another account</button>
</div>`
}

/** Renders the page that asks for the code of a device. */
export function deviceCodePage(view: DeviceCodeView): string {
  const problem = explain(view)
  const { example, inputMode, words } = shapes[view.kind]
  const isWrong = problem !== undefined && view.problem !== 'form_expired' && view.problem !== 'too_many_attempts'
  // Filled in by a link, it must be compared first: the focus would invite to press Enter.
  const takesFocus = isWrong || view.userCode === ''
  const extra = html`${isWrong && html` aria-invalid="true"`}${takesFocus && html` autofocus`}`
  const cameByLink = problem === undefined && view.userCode !== ''
  const content = html`<h1>Connect a device</h1>
<p class="lede">${
    cameByLink
      ? html`Continue only if <strong>your device shows this same code</strong>. You are asked once more after that.`
      : 'Enter the code that your device shows.'
  }</p>
${problem !== undefined && html`<p class="alert" role="alert" id="problem">${problem}</p>`}
<form method="post" action="${formTarget(view.action)}" autocomplete="off">
<input type="hidden" name="csrf" value="${view.csrf}">
<div class="field">
<label for="user_code">Code</label>
<input class="code" id="user_code" name="user_code" type="text" value="${view.userCode}" inputmode="${inputMode}" autocomplete="off" autocapitalize="characters" spellcheck="false" maxlength="64" required aria-describedby="${problem === undefined ? 'hint' : 'problem hint'}"${extra}>
<p class="soft" id="hint">${words}, such as <code>${example}</code>. Capitals, hyphens and blanks make no difference.</p>
</div>
<div class="actions">
<button class="primary" type="submit" name="action" value="continue">Continue</button>
</div>
${identity(view)}
</form>`
  return layout({
    title: view.title,
    name: problem === undefined ? 'Connect a device' : 'Error: Connect a device',
    content,
  })
}
