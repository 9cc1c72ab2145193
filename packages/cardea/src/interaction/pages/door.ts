import { raw, type SafeHtml } from './html.ts'

const open = '<svg class="door" viewBox="0 0 32 32" aria-hidden="true" focusable="false">'
const frame = '<path d="M5 29V3h22v26" fill="none" stroke="currentColor" stroke-width="2" stroke-linejoin="round"/>'
const pins = '<path class="pin" d="M3 7h4v5H3zM3 20h4v5H3z" fill="currentColor"/>'
const ajar = '<path d="M5 3l13 3.5V32L5 29z" fill="currentColor"/>'
const shut =
  '<path d="M8 6h16v23H8zM20 16.5v3h1.5v-3z" fill="currentColor" fill-rule="evenodd"/>' +
  '<path d="M2 30h28" stroke="currentColor" stroke-width="2" stroke-linecap="round"/>'

/** Cardea's mark: a door on its hinges, ajar while there is a way on. */
export const doorAjar: SafeHtml = raw(`${open}${frame}${ajar}${pins}</svg>`)

/** The same door shut, for pages where nothing goes further. */
export const doorShut: SafeHtml = raw(`${open}${frame}${shut}${pins}</svg>`)
