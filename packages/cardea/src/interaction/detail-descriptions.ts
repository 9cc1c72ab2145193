import type { Client } from '../core/model/client.ts'
import type { GrantFacts } from '../core/model/grant-facts.ts'
import { type DetailDescription, usableDetailType } from '../core/ports/detail-types.ts'
import type { Engine } from '../core/ports/engine.ts'

/** What turns the order of letters around could make another amount out of one (Unicode TR36 §3.2). */
const shown = (text: string): string => text.replaceAll(/[\u202A-\u202E\u2066-\u2069]/g, '')

const shownLines = ({ title, lines = [] }: DetailDescription): DetailDescription => ({
  title: shown(title),
  lines: lines.map(({ label, value }) => ({ label: shown(label), value: shown(value) })),
})

/** What people are shown of what is asked, in order. */
export async function detailDescriptions(
  engine: Engine,
  client: Client,
  facts: GrantFacts | undefined,
): Promise<readonly DetailDescription[]> {
  const descriptions: DetailDescription[] = []
  for (const detail of facts?.authorizationDetails ?? []) {
    const type = usableDetailType(engine.detailTypes, client, detail.type)
    // Nobody can agree to what is not shown.
    if (type === undefined) throw new TypeError(`authorizationDetails: the type ${detail.type} is gone`)
    descriptions.push(shownLines(await type.describe(detail, { client })))
  }
  return descriptions
}
