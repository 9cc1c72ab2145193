export interface HtmlForm {
  /** As written in the page; empty when the form posts to its own page. */
  readonly action: string
  readonly method: 'get' | 'post'
  readonly controls: readonly HtmlControl[]
}

export interface HtmlControl {
  readonly name: string
  /** `type` of an input, or `button` for every kind of submit button. */
  readonly type: string
  readonly value: string
  readonly checked: boolean
}

/** The forms of a page in order, with their named inputs and buttons. Good for machine-made pages, not for any HTML. */
export function formsOf(html: string): HtmlForm[] {
  return [...html.matchAll(/<form\b([^>]*)>([\s\S]*?)<\/form>/gi)].map(([, opening = '', content = '']) => {
    const attributes = attributesOf(opening)
    return {
      action: attributes.get('action') ?? '',
      method: attributes.get('method')?.toLowerCase() === 'post' ? 'post' : 'get',
      controls: controlsOf(content),
    }
  })
}

function controlsOf(content: string): HtmlControl[] {
  const controls: HtmlControl[] = []
  for (const [, tag = '', text = ''] of content.matchAll(/<(input|button)\b((?:"[^"]*"|'[^']*'|[^>])*)>/gi)) {
    const attributes = attributesOf(text)
    const name = attributes.get('name')
    const type = attributes.get('type')?.toLowerCase() ?? 'text'
    if (name === undefined) continue
    const isButton = tag.toLowerCase() === 'button' || type === 'submit'
    controls.push({
      name,
      type: isButton ? 'button' : type,
      value: attributes.get('value') ?? '',
      checked: attributes.has('checked'),
    })
  }
  return controls
}

function attributesOf(text: string): Map<string, string> {
  const attributes = new Map<string, string>()
  for (const match of text.matchAll(/([\w:-]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?/g)) {
    attributes.set((match[1] ?? '').toLowerCase(), decodeEntities(match[2] ?? match[3] ?? match[4] ?? ''))
  }
  return attributes
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

function decodeEntities(text: string): string {
  return text.replace(/&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi, (whole, hex, decimal, name) => {
    if (hex) return String.fromCodePoint(Number.parseInt(hex, 16))
    return decimal ? String.fromCodePoint(Number(decimal)) : (ENTITIES[name] ?? whole)
  })
}
