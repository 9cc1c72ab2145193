/**
 * Decorators of NestJS write down what they say as metadata, which the framework reads when the app starts. These say
 * it in the same words without importing the framework, so that the library loads where it is not installed.
 */
const guardsKey = '__guards__'
const argumentsKey = '__routeArguments__'
const customArgument = '__customRouteArgs__'

interface Metadata {
  getMetadata(key: string, target: object, property?: string | symbol): unknown
  defineMetadata(key: string, value: unknown, target: object, property?: string | symbol): void
}

/** `reflect-metadata`, which NestJS loads. */
function metadata(): Metadata {
  if ('defineMetadata' in Reflect) return Reflect as unknown as Metadata
  throw new TypeError('cardea/nest: @nestjs/common (or reflect-metadata) has to be imported first')
}

/** What `@UseGuards(guard)` says of a class or method. */
export function addGuard(target: object, guard: unknown): void {
  const present = (metadata().getMetadata(guardsKey, target) ?? []) as readonly unknown[]
  metadata().defineMetadata(guardsKey, [...present, guard], target)
}

/** What a decorator of `createParamDecorator(factory)` says of a parameter of a route handler. */
export function addParameter(
  target: object,
  property: string | symbol,
  index: number,
  factory: (data: unknown, context: never) => unknown,
): void {
  const present = (metadata().getMetadata(argumentsKey, target.constructor, property) ?? {}) as object
  const entry = { index, factory, data: undefined, pipes: [] }
  const all = { ...present, [`oauth${customArgument}:${index}`]: entry }
  metadata().defineMetadata(argumentsKey, all, target.constructor, property)
}

/** What `@Inject(token)` says of each parameter of a constructor, in their order. */
export function injectIntoConstructor(target: object, tokens: readonly unknown[]): void {
  metadata().defineMetadata(
    'self:paramtypes',
    tokens.map((param, index) => ({ index, param })),
    target,
  )
}
