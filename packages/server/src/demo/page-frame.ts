import { hash } from 'node:crypto'
import { html, layout, raw, type SafeHtml, stylesheetHash } from 'cardea'
import type { Page } from '../serve/plain-answers.ts'
import type { DemoLine } from './lines.ts'

/** Only what the library's stylesheet has not: room for long lines, sections, and blocks to copy from. */
const style = `
.brand, main { max-width: 54rem; }
h2, h3 { font-family: Optima, Candara, 'Noto Sans', 'Segoe UI', system-ui, sans-serif; line-height: 1.3; }
h2 { margin: 2.75rem 0 0; padding-block-start: 1.5rem; border-block-start: 1px solid var(--line); font-size: 1.375rem; }
h3, h2.step { margin: 1.75rem 0 0; padding: 0; border: 0; font-size: 1.0625rem; }
h3 + .soft { margin-block-start: 0.125rem; }
.alert + .facts { margin-block-start: 1.25rem; padding-block-start: 0; border: 0; }
.line { display: grid; gap: 0.5rem 0.75rem; align-items: start; margin-block-start: 0.5rem; }
.line pre { min-inline-size: 0; margin: 0; padding: 0.75rem 1rem; background: var(--inset); border: 1px solid var(--line); border-radius: 0.375rem; font-size: 0.8125rem; white-space: pre-wrap; overflow-wrap: anywhere; }
.line code { font-size: inherit; user-select: all; -webkit-user-select: all; }
.tools { display: flex; gap: 0.5rem; margin: 0; }
.tools:empty { display: none; }
.tools a, .tools button { flex: none; display: inline-flex; align-items: center; justify-content: center; min-inline-size: 5.5rem; min-block-size: 2.75rem; padding: 0.25rem 1rem; border: 1px solid var(--edge); border-radius: 0.375rem; font-size: 0.9375rem; font-weight: 600; text-decoration: none; }
.tools a { background: var(--accent); border-color: var(--accent); color: var(--on-accent); }
.tools a:hover { background: var(--accent-strong); border-color: var(--accent-strong); color: var(--on-accent); }
@media (max-width: 30rem) {
  .facts { grid-template-columns: 1fr; gap: 0; }
  .facts dd + dt { margin-block-start: 0.5rem; }
}
@media (min-width: 48rem) {
  .line { grid-template-columns: minmax(0, 1fr) 5.5rem; }
  .tools { flex-direction: column; }
}
`

const styleSource = `'${stylesheetHash}' 'sha256-${hash('sha256', style, 'base64')}'`

export const copyScriptPath = '/demo/copy.js'

/** A page of the demonstration in the frame of the library's own. `copies`: it has lines to copy. */
export function demoPage(name: string, content: SafeHtml, { copies = false } = {}): Page {
  const head = html`<style>${raw(style)}</style>
${
  copies &&
  html`<script src="${copyScriptPath}" defer></script>
`
}`
  return {
    html: layout({ title: 'Cardea demonstration', name, content: html`<h1>${name}</h1>${content}`, head }),
    styleSource,
    ...(copies && { scriptSource: "'self'" }),
  }
}

/** Something to copy, or to open. */
export const lineBlock = ({ title, kind, text }: Pick<DemoLine, 'title' | 'kind' | 'text'>): SafeHtml =>
  html`<div class="line" data-title="${title}"><pre><code>${text}</code></pre><div class="tools">${kind === 'open' && html`<a href="${text}" aria-label="${`Open: ${title}`}">Open</a>`}</div></div>`

export const titledLine = ({ title, note, ...line }: DemoLine): SafeHtml =>
  html`<h3>${title}</h3>${note !== undefined && html`<p class="soft">${note}</p>`}${lineBlock({ title, ...line })}`
