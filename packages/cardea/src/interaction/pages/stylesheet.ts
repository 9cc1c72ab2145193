import { palette } from './palette.ts'

const ground = `
*, *::before, *::after { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body {
  margin: 0;
  min-height: 100vh;
  min-height: 100dvh;
  padding: clamp(1.25rem, min(9vh, 7vw), 6rem) min(5vw, 3rem) 2rem;
  background: var(--ground);
  color: var(--ink);
  font: 1rem/1.5 system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif;
  overflow-wrap: anywhere;
}
.brand, main { max-width: 31rem; margin-inline: auto; }
.brand { display: flex; align-items: center; gap: 0.625rem; margin-block: 0 1.125rem; }
.brand .door { flex: none; inline-size: 2rem; block-size: 2rem; }
.brand, h1, h2, legend, .onward strong { font-family: Optima, Candara, 'Noto Sans', 'Segoe UI', system-ui, sans-serif; }
.brand { font-size: 1.125rem; font-weight: 600; letter-spacing: 0.01em; }
.door { color: var(--accent); }
.door .pin { color: var(--bronze); }
main {
  position: relative;
  min-block-size: 14rem;
  padding: clamp(1rem, 6vw, 2.5rem);
  padding-inline-start: clamp(1.25rem, 7vw, 2.875rem);
  background: var(--panel);
  border: 1px solid var(--line);
  border-inline-start: 0.375rem solid var(--stile);
  border-radius: 0.125rem 0.75rem 0.75rem 0.125rem;
  box-shadow: var(--shadow);
}
main::before, main::after {
  content: '';
  position: absolute;
  inset-inline-start: -0.75rem;
  inline-size: 0.875rem;
  block-size: 3rem;
  border-radius: 0.25rem;
  background:
    linear-gradient(var(--panel), var(--panel)) 0 33% / 100% 1px no-repeat,
    linear-gradient(var(--panel), var(--panel)) 0 67% / 100% 1px no-repeat,
    linear-gradient(90deg, var(--bronze), var(--bronze-lit) 45%, var(--bronze));
}
main::before { inset-block-start: 1.875rem; }
main::after { inset-block-end: 1.875rem; }
`

const text = `
h2 { margin: 0.75rem 0 0; font-size: 1.0625rem; line-height: 1.3; font-weight: 600; }
h1 { margin: 0; font-size: clamp(1.5rem, 1.4rem + 0.5vw, 1.75rem); line-height: 1.2; font-weight: 600; text-wrap: balance; }
p { margin: 0.75rem 0 0; text-wrap: pretty; }
.lede { margin-block-start: 0.375rem; color: var(--ink-soft); }
.lede strong { color: var(--ink); }
.soft { color: var(--ink-soft); font-size: 0.875rem; }
code { font: 0.875em/1.4 ui-monospace, 'Cascadia Code', Menlo, Consolas, 'DejaVu Sans Mono', monospace; }
a { color: var(--accent); text-underline-offset: 0.2em; }
a:hover { color: var(--accent-strong); text-decoration-thickness: 2px; }
main > .door { display: block; inline-size: 3.5rem; block-size: 3.5rem; margin: 0 0 1rem -0.25rem; }
.links { display: flex; flex-wrap: wrap; gap: 0 1.25rem; margin: 0; padding: 0; list-style: none; font-size: 0.875rem; }
.links a { display: inline-flex; align-items: center; min-block-size: 2.75rem; }
.alert {
  margin-block-start: 1.25rem;
  padding: 0.75rem 1rem;
  background: var(--alarm-ground);
  color: var(--alarm);
  border: 1px solid var(--alarm);
  border-inline-start-width: 0.375rem;
  border-radius: 0.25rem;
  font-weight: 600;
}
.facts { display: grid; grid-template-columns: auto 1fr; gap: 0.25rem 1rem; margin: 1.5rem 0 0; padding-block-start: 1rem; border-block-start: 1px solid var(--line); font-size: 0.875rem; }
.facts dt { color: var(--ink-soft); }
.facts dd { margin: 0; }
.unseen { position: absolute; inline-size: 1px; block-size: 1px; margin: -1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
`

const controls = `
form { margin: 0; }
.field { margin-block-start: 1.25rem; }
.field label { display: block; margin-block-end: 0.375rem; font-weight: 600; }
.field input {
  display: block;
  inline-size: 100%;
  min-block-size: 3rem;
  padding: 0.5rem 0.875rem;
  font: inherit;
  color: var(--ink);
  background: var(--inset);
  border: 1px solid var(--edge);
  border-radius: 0.375rem;
}
.field input.code { font-family: ui-monospace, 'Cascadia Code', Menlo, Consolas, monospace; font-size: 1.375rem; font-weight: 700; letter-spacing: 0.1em; text-transform: uppercase; }
.field input[aria-invalid='true'] { border: 2px solid var(--alarm); }
.actions { display: flex; flex-wrap: wrap; gap: 0.75rem; margin-block-start: 1.75rem; }
button {
  flex: 1 1 8rem;
  min-block-size: 3rem;
  padding: 0.625rem 1.25rem;
  font: inherit;
  font-weight: 600;
  overflow-wrap: break-word;
  border: 1px solid var(--edge);
  border-radius: 0.375rem;
  background: transparent;
  color: var(--ink);
  cursor: pointer;
}
button:hover { border-color: var(--ink); background: var(--inset); }
button.primary { background: var(--accent); border-color: var(--accent); color: var(--on-accent); }
button.primary:hover { background: var(--accent-strong); border-color: var(--accent-strong); }
button.plain {
  min-block-size: 2.75rem;
  padding: 0.25rem 0;
  border-color: transparent;
  background: transparent;
  color: var(--accent);
  font-size: 0.875rem;
  text-align: start;
  text-decoration: underline;
  text-underline-offset: 0.2em;
}
button.plain:hover { color: var(--accent-strong); text-decoration-thickness: 2px; }
:focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; border-radius: 0.25rem; }
@media (prefers-reduced-motion: no-preference) {
  button { transition: background-color 120ms ease, border-color 120ms ease; }
}
`

const consent = `
.identity { display: flex; flex-wrap: wrap; align-items: center; justify-content: space-between; gap: 0 1rem; margin-block-start: 1.25rem; padding: 0.25rem 1rem; background: var(--inset); border-radius: 0.375rem; }
.identity p { margin: 0; padding-block: 0.5rem; font-size: 0.875rem; }
fieldset { margin: 1.5rem 0 0; padding: 0; border: 0; min-inline-size: 0; }
legend { padding: 0; font-size: 1.0625rem; font-weight: 600; }
.scope { display: flex; gap: 0.875rem; align-items: flex-start; min-block-size: 2.75rem; padding: 0.75rem 0; cursor: pointer; }
.scope + .scope { border-block-start: 1px solid var(--line); }
.scope input { flex: none; inline-size: 1.375rem; block-size: 1.375rem; margin: 0.0625rem 0 0; accent-color: var(--accent); cursor: pointer; }
.scope span, .scope code { display: block; }
.scope code { color: var(--ink-soft); }
.exactly { margin-block-start: 1.5rem; font-weight: 600; }
.detail { margin-block-start: 0.75rem; padding: 0.875rem 1rem; background: var(--inset); border: 1px solid var(--line); border-inline-start: 0.25rem solid var(--bronze); border-radius: 0.375rem; }
.detail h2 { margin: 0; font-size: 1.125rem; line-height: 1.3; font-weight: 600; }
.detail dl { margin: 0.625rem 0 0; }
.detail dl > div { display: grid; grid-template-columns: minmax(7rem, 1fr) 2fr; gap: 0 1rem; padding-block: 0.3125rem; border-block-start: 1px solid var(--line); font-size: 0.9375rem; }
.detail dt { color: var(--ink-soft); }
.detail dd { margin: 0; font-weight: 600; }
@media (max-width: 26rem) { .detail dl > div { grid-template-columns: 1fr; } }
.nothing { margin-block-start: 1.5rem; }
.places { margin-block-start: 0.75rem; padding-block-start: 1rem; border-block-start: 1px solid var(--line); }
.places p { margin: 0; }
.places ul { margin: 0; padding: 0; list-style: none; }
.places li { margin-block-start: 0.5rem; overflow-wrap: anywhere; }
.places strong, .places code { display: block; }
.places code { color: var(--ink-soft); }
.onward { margin-block-start: 1.5rem; padding-block-start: 1.25rem; border-block-start: 1px solid var(--line); }
.onward strong { display: block; font-size: 1.25rem; line-height: 1.3; }
.verifier output, .code output { display: block; font: 700 1.75rem/1.4 ui-monospace, 'Cascadia Code', Menlo, Consolas, monospace; letter-spacing: 0.12em; overflow-wrap: anywhere; }
form > .identity { margin-block-start: 1.75rem; }
.identity > button { flex: none; }
.field .soft code { white-space: nowrap; }
.device { margin-block-start: 1.5rem; padding: 0.25rem 1rem 1rem; background: var(--inset); border-radius: 0.375rem; }
.device .facts { margin-block-start: 0.75rem; }
.device .facts strong { display: block; }
.caution { padding-inline-start: 0.875rem; border-inline-start: 0.25rem solid var(--bronze); }
.onward + .actions { margin-block-start: 1.25rem; }
`

const adaptations = `
@media (forced-colors: active) {
  main { border: 1px solid CanvasText; }
  main::before, main::after { display: none; }
  button.primary { border-width: 3px; }
  button.plain { padding-inline: 0.75rem; }
  .door { color: CanvasText; }
  :focus-visible { outline-color: Highlight; }
}
@media print {
  body { background: none; }
  main { box-shadow: none; }
}
`

/** The one stylesheet of all default pages. Every page carries it inline, so that no second request is needed. */
export const stylesheet: string = palette + ground + text + controls + consent + adaptations
