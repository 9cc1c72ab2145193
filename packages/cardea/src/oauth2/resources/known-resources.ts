import type { Resource } from '../../core/model/resource.ts'
import type { KnownResources } from '../../core/ports/known-resources.ts'
import type { Resources } from '../../core/ports/resources.ts'
import { isSameResource, resourceProblem } from '../../core/rules/resource.ts'

/**
 * Those of the options first: of two that are called the same, theirs counts.
 * @throws TypeError that names the resource and what is wrong with it
 */
export function knownResources(store: Resources, ofHost: readonly Resource[] = []): KnownResources {
  ofHost.forEach((resource, index) => {
    const problem = resourceProblem(resource)
    if (problem !== undefined) throw new TypeError(`resources[${index}].${problem}`)
    const twice = ofHost.findIndex(({ identifier }) => isSameResource(identifier, resource.identifier))
    if (twice !== index)
      throw new TypeError(`resources[${index}].identifier: is the same as that of resources[${twice}]`)
  })
  const isOfHost = ({ identifier }: Resource): boolean =>
    ofHost.some((resource) => isSameResource(resource.identifier, identifier))
  if (ofHost.length === 0) return { all: () => store.all() }
  let last: { readonly stored: readonly Resource[]; readonly all: readonly Resource[] } | undefined
  return {
    async all() {
      const stored = await store.all()
      // A store that gives the same list again has changed nothing.
      if (last?.stored !== stored)
        last = { stored, all: [...ofHost, ...stored.filter((resource) => !isOfHost(resource))] }
      return last.all
    },
  }
}
