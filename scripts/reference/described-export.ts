/** One member of a class, an interface, or of what a function returns. */
export interface DescribedMember {
  readonly name: string
  readonly optional: boolean
  /** As in the source; of a method, its parameters and result. */
  readonly type: string
  readonly text: string
}

/** One name that a host can import. */
export interface DescribedExport {
  readonly name: string
  readonly kind: 'class' | 'function' | 'constant' | 'interface' | 'type'
  /** Its docstring. */
  readonly text: string
  /** How it is called or made, or what it stands for; none where the members say it all. */
  readonly signatures: readonly string[]
  /** What it extends. */
  readonly inherits: readonly string[]
  readonly members: readonly DescribedMember[]
  /** Where it is declared, relative to the project, with its 1-based line. */
  readonly file: string
  readonly line: number
}

/** What one `import` statement can name. */
export interface DescribedEntry {
  /** Such as `cardea/oauth1`. */
  readonly specifier: string
  readonly exports: readonly DescribedExport[]
}
