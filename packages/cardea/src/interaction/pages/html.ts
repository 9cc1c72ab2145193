/** Markup that may be inserted into a page as it is. Only `html` and `raw` make it. */
class Markup {
  readonly #text: string

  constructor(text: string) {
    this.#text = text
  }

  toString(): string {
    return this.#text
  }
}

/**
 * A piece of finished HTML. It is recognised by its class, so an object that came out of JSON
 * cannot pass for one.
 */
export type SafeHtml = Markup

/** What a template takes: text is escaped, markup passes, `undefined` and `false` leave nothing. */
export type HtmlValue = SafeHtml | string | number | undefined | false | readonly HtmlValue[]

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

function escapeText(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? '')
}

function render(value: HtmlValue): string {
  if (value instanceof Markup) return value.toString()
  if (value === undefined || value === false) return ''
  if (Array.isArray(value)) return value.map(render).join('')
  return escapeText(String(value))
}

/**
 * Template tag that escapes every value for element content and for attributes in double quotes.
 * It does not make a value safe inside `<script>`, `<style>`, an unquoted attribute or a URL scheme.
 */
export function html(strings: TemplateStringsArray, ...values: readonly HtmlValue[]): SafeHtml {
  let text = strings[0] ?? ''
  values.forEach((value, index) => {
    text += render(value) + (strings[index + 1] ?? '')
  })
  return new Markup(text)
}

/** Passes a constant of this package through unescaped. Never call it with anything from a request or a store. */
export function raw(constant: string): SafeHtml {
  return new Markup(constant)
}
