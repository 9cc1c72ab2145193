import type { Settings } from '../core/ports/settings.ts'
import { type PageOptions, pageResponse } from '../http/page-response.ts'
import type { HttpResponse } from '../http/response.ts'
import { stylesheetHash } from './pages/layout.ts'
import type { Pages } from './pages/pages.ts'

export type PresentOptions = Omit<PageOptions, 'styleHash' | 'moreStyles'>

type ViewOf<Name extends keyof Pages> = Omit<Parameters<Pages[Name]>[0], 'title'>

/** Renders a page by name into an answer with the headers that every page has. */
export type Present = <Name extends keyof Pages>(
  page: Name,
  view: ViewOf<Name>,
  options?: PresentOptions,
) => HttpResponse

/** @param moreStyles sources of styles besides the default stylesheet, in words of the policy */
export function presenter(settings: Settings, pages: Pages, moreStyles: readonly string[] = []): Present {
  return (page, view, options = {}) => {
    const render = pages[page] as (view: object) => string
    return pageResponse(render({ title: settings.title, ...view }), {
      ...options,
      styleHash: stylesheetHash,
      moreStyles,
    })
  }
}
