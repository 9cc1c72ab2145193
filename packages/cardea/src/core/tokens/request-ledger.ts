import type { Clock } from '../ports/clock.ts'
import type { Ledger, LedgerEntry, StepOutcome, Use } from '../ports/ledger.ts'
import type { Store } from '../ports/store.ts'

/** What a request was made with, still to be used up. */
export interface PendingUse {
  readonly use: Use
  /** What whoever comes second is told. */
  refusal(): Error | Promise<Error>
  /** Called when it was the first use. */
  first?(): void | Promise<void>
}

/** Atomic: of any number of concurrent callers one gets `true`, ever. */
export async function isFirstUse({ clock, store }: Parts, use: Use): Promise<boolean> {
  const now = clock.now()
  if (use.kind === 'pushed_request') return store.pushedRequests.take(use.digest, now)
  return (await store.replay.claim(use.key, use.until, now)) === 'first'
}

/** Uses it up by itself, where it buys nothing that is kept. @throws what `refusal` says */
export async function useUp(parts: Parts, pending: PendingUse | undefined): Promise<void> {
  if (pending === undefined) return
  if (!(await isFirstUse(parts, pending.use))) throw await pending.refusal()
  await pending.first?.()
}

interface Parts {
  readonly clock: Clock
  readonly store: Pick<Store, 'ledger' | 'pushedRequests' | 'replay'>
}

/**
 * The ledger as one request sees it: what the request was made with is used up in the first step that it buys. One write
 * for both is half the work of two, and whoever comes second buys nothing (RFC 9449 §11.1, RFC 7523 §3, RFC 9126 §4).
 */
export class RequestLedger implements Pick<Ledger, 'commit'> {
  readonly #parts: Parts
  #open: readonly PendingUse[]
  #further: readonly PendingUse[] = []
  #first: Promise<StepOutcome> | undefined

  constructor(parts: Parts, uses: readonly PendingUse[] | undefined = []) {
    this.#parts = parts
    this.#open = uses
  }

  /** What is used up too, but only with something that it buys; to be said before the first commit. */
  add(uses: readonly PendingUse[]): void {
    this.#further = uses
  }

  /** Whether a commit uses something up, or would have to wait for one that does. */
  get hasUses(): boolean {
    return this.#first !== undefined || this.#open.length + this.#further.length > 0
  }

  /** @throws what `PendingUse.refusal` says, from then on, where one was used before */
  async commit(entry: LedgerEntry): Promise<StepOutcome> {
    // A request that commits twice at once must not buy anything by the second before the first is judged.
    if (this.#first !== undefined) await this.#first
    else if (this.#open.length + this.#further.length > 0) {
      this.#first = this.#commitWithUses(entry)
      return this.#first
    }
    return (await this.#parts.store.ledger.commit(entry)) as StepOutcome
  }

  /** For a request that buys nothing: what it was made with is used up all the same. @throws what `refusal` says */
  async settle(): Promise<void> {
    const uses = this.#open
    this.#open = []
    await this.#useUp(uses)
  }

  /** Uses up everything by itself: for what cannot be taken back and is no commit. @throws what `refusal` says */
  async settleAll(): Promise<void> {
    if (this.#first === undefined && this.hasUses) this.#first = this.#useUp(this.#taken()).then(() => 'done')
    await this.#first
  }

  /** From here on nobody else uses them up. */
  #taken(): readonly PendingUse[] {
    const uses = [...this.#open, ...this.#further]
    this.#open = []
    this.#further = []
    return uses
  }

  async #useUp(uses: readonly PendingUse[]): Promise<void> {
    for (const pending of uses) await useUp(this.#parts, pending)
  }

  /** Does the work; whatever comes of it, what the request was made with is used up then. @throws what `refusal` says */
  async through<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work()
    } finally {
      await this.settle()
    }
  }

  async #commitWithUses(entry: LedgerEntry): Promise<StepOutcome> {
    const { ledger } = this.#parts.store
    const uses = this.#taken()
    if (!this.#usesUp()) {
      await this.#useUp(uses)
      return (await ledger.commit(entry)) as StepOutcome
    }
    const outcome = await ledger.commit({ ...entry, uses: uses.map(({ use }) => use) })
    const used = typeof outcome === 'object' ? outcome.used : uses.length
    for (const { first } of uses.slice(0, used)) await first?.()
    if (typeof outcome !== 'object') return outcome
    throw await (uses[used]?.refusal() ?? new TypeError(`store.ledger: of ${uses.length} uses none is ${used}`))
  }

  /** A mark counts only where all others are made: a host may keep them elsewhere than what they buy. */
  #usesUp(): boolean {
    const { ledger, pushedRequests, replay } = this.#parts.store
    return ledger.usesUp?.replay === replay && ledger.usesUp.pushedRequests === pushedRequests
  }
}
