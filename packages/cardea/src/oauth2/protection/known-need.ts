import type { ScopeNeed } from './token-need.ts'

type NamesIn<Text extends string> = Text extends `${infer First} ${infer Rest}` ? First | NamesIn<Rest> : Text

type Checked<Name extends string, Text extends string> = NamesIn<Text> extends Name ? Text : Name

type CheckedNames<Name extends string, Names> = Names extends string
  ? Checked<Name, Names>
  : Names extends readonly string[]
    ? { readonly [Index in keyof Names]: Checked<Name, Names[Index] & string> }
    : Names

/**
 * `Need`, where every scope name in it is one of `Name`; otherwise the names there are, so that the error of the compiler
 * lists them. Names in one string are all needed, entries of a list are alternatives.
 */
export type KnownNeed<Name extends string, Need extends ScopeNeed> = string extends Name
  ? Need
  : Need extends string | readonly string[]
    ? CheckedNames<Name, Need>
    : Need extends object
      ? { readonly [Member in keyof Need]: Member extends 'scope' ? CheckedNames<Name, Need[Member]> : Need[Member] }
      : Need
