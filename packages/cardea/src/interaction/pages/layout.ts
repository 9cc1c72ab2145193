import { createHash } from 'node:crypto'
import { doorAjar } from './door.ts'
import { html, raw, type SafeHtml } from './html.ts'
import { stylesheet } from './stylesheet.ts'

/** What the document shell of every default page needs. */
export interface Layout {
  /** The issuer's or product's display name, shown above the panel and at the end of the document title. */
  readonly title: string
  /** What this page is, first in the document title: a screen reader says it first. */
  readonly name: string
  /** The content of `main`, with the page's only `h1`. */
  readonly content: SafeHtml
  /** Elements for the end of `head`. */
  readonly head?: SafeHtml
}

/**
 * The hash source of the inline stylesheet, without its quotes: the policy is ``style-src '${stylesheetHash}'``.
 * No default page has any other inline style, nor any inline script.
 */
export const stylesheetHash: string = `sha256-${createHash('sha256').update(stylesheet).digest('base64')}`

const style = html`<style>${raw(stylesheet)}</style>`

/** The complete document of one page. */
export function layout(page: Layout): string {
  return html`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex, nofollow">
<title>${page.name} · ${page.title}</title>
${style}
${page.head}</head>
<body>
<header class="brand">${doorAjar}<span>${page.title}</span></header>
<main>
${page.content}
</main>
</body>
</html>
`.toString()
}
