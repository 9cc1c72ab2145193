import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { Client } from '../../core/model/client.ts'
import type { Resource } from '../../core/model/resource.ts'
import type { Scope } from '../../core/model/scope.ts'

const clientsAtMost = 5000

/**
 * What is read on nearly every request and changes rarely. Dropped as a whole when another process has written, when a
 * transaction was undone, and by our own changes.
 */
export class CommittedCache {
  readonly #dataVersion: StatementSync
  readonly #clients = new Map<string, Client>()
  readonly #generations = new Map<string, number>()
  #scopes: readonly Scope[] | undefined
  #resources: readonly Resource[] | undefined
  #version: unknown
  #checked = false

  constructor(connection: DatabaseSync) {
    this.#dataVersion = connection.prepare('PRAGMA data_version')
  }

  client(clientId: string): Client | undefined {
    this.#check()
    return this.#clients.get(clientId)
  }

  keepClient(client: Client): void {
    if (this.#clients.size >= clientsAtMost) this.#clients.clear()
    this.#clients.set(client.client_id, client)
  }

  forgetClient(clientId: string): void {
    this.#clients.delete(clientId)
  }

  generation(clientId: string): number | undefined {
    this.#check()
    return this.#generations.get(clientId)
  }

  keepGeneration(clientId: string, generation: number): void {
    if (this.#generations.size >= clientsAtMost) this.#generations.clear()
    this.#generations.set(clientId, generation)
  }

  forgetGenerations(): void {
    this.#generations.clear()
  }

  get scopes(): readonly Scope[] | undefined {
    this.#check()
    return this.#scopes
  }

  keepScopes(scopes: readonly Scope[] | undefined): void {
    this.#scopes = scopes
  }

  get resources(): readonly Resource[] | undefined {
    this.#check()
    return this.#resources
  }

  keepResources(resources: readonly Resource[] | undefined): void {
    this.#resources = resources
  }

  drop(): void {
    this.#clients.clear()
    this.#generations.clear()
    this.#scopes = undefined
    this.#resources = undefined
  }

  /** The next read asks again whether another process has written. */
  readonly recheck = (): void => {
    this.#checked = false
  }

  /** Once per event-loop turn: answers of one turn may be as old as its beginning. */
  #check(): void {
    if (this.#checked) return
    const version = this.#dataVersion.get()?.data_version
    if (version !== this.#version) this.drop()
    this.#version = version
    this.#checked = true
    setImmediate(this.recheck)
  }
}
