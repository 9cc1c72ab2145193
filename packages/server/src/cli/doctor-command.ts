import type { Store } from 'cardea'
import { fetchHandler } from 'cardea/fetch'
import type { Command } from 'commander'
import { type PresetName, presetNames } from '../config/preset-schema.ts'
import { InvalidInput } from '../config/problems.ts'
import type { Config } from '../config/schema.ts'
import { checkDatabase } from '../doctor/check-database.ts'
import { checkFeatures, type ServerMetadata } from '../doctor/check-features.ts'
import { checkIssuer } from '../doctor/check-issuer.ts'
import { checkOAuth1Settings } from '../doctor/check-oauth1.ts'
import type { AskedProfile } from '../doctor/check-profile.ts'
import { checkProfileSettings } from '../doctor/check-profile-settings.ts'
import { checkSecrets } from '../doctor/check-secrets.ts'
import { type Finding, fail, ok } from '../doctor/finding.ts'
import { productionProblems } from '../serve/production-problems.ts'
import { providerFrom } from '../serve/provider-from-config.ts'
import { defineCommand, type Invocation, type Outcome, type OutcomeSlot } from './define-command.ts'
import { exitCode } from './exit-codes.ts'
import { printable } from './text-table.ts'
import { configFor, databaseFile, oauth1SecretsOf } from './with-store.ts'
import type { World } from './world.ts'

/** Cardea did not exist before: a clock that says so is wrong, and every lifetime with it. */
const earliest = Date.UTC(2026, 0, 1) / 1000

const clockFinding = (now: number): Finding =>
  now >= earliest
    ? ok('clock', new Date(now * 1000).toISOString())
    : fail('clock', `says ${new Date(now * 1000).toISOString()}`, 'set the clock, and keep it set with chrony or ntpd')

function configurationFindings(config: Config, cwd: string, file: string | undefined): Finding[] {
  // Issuer and secrets have checks of their own, which say more.
  const { problems } = productionProblems(config, cwd)
  const others = problems.filter((line) => !/^secrets:|^issuer: is not set/.test(line))
  const source = file === undefined ? 'from the environment and options only' : `from ${file}`
  if (others.length === 0) return [ok('configuration', source)]
  return others.map((line) => {
    const [text = line, ...advice] = line.split('; ')
    return fail('configuration', text, advice.join('; ') || 'correct it')
  })
}

/** The one that is asked about, or else the one that is on. */
function profileNameOf({ options: { profile } }: Invocation, { preset }: Config): PresetName | undefined {
  if (profile === undefined) return preset
  const known = presetNames.find((name) => name === profile)
  if (known !== undefined) return known
  throw new InvalidInput([`--profile: got ${JSON.stringify(profile)}; valid: ${presetNames.join(', ')}`])
}

function profileOf(invocation: Invocation, config: Config): AskedProfile | undefined {
  const name = profileNameOf(invocation, config)
  if (name === undefined) return undefined
  const { resources, senderConstraint = 'dpop' } = config
  return { name, senderConstraint, resources: resources.map(({ identifier }) => identifier) }
}

/** What the library says against the configuration, or of clients that it leaves nothing to do. */
async function featureFindings({ world }: Invocation, config: Config, store: Store): Promise<readonly Finding[]> {
  const { problems, files } = productionProblems(config, world.cwd)
  const { issuer, secrets } = config
  if (problems.length > 0 || issuer === undefined || secrets === undefined) return []
  const { clock, hasher } = world
  try {
    const parts = { config: { ...config, issuer, secrets }, store, hasher, clock, onEvent: () => {}, files }
    const { origin, pathname } = new URL(issuer)
    const path = `/.well-known/oauth-authorization-server${pathname === '/' ? '' : pathname}`
    const answer = await fetchHandler(providerFrom(parts))(new Request(origin + path))
    return checkFeatures(store, (await answer.json()) as ServerMetadata, config)
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    return [fail('configuration', error.message, '`cardea serve` does not start with it')]
  }
}

async function findings(invocation: Invocation): Promise<Finding[]> {
  const { world } = invocation
  const now = world.clock.now()
  try {
    const { config, file } = await configFor(invocation)
    const profile = profileOf(invocation, config)
    const ofSettings = profile === undefined ? [] : checkProfileSettings(config, profile)
    // A profile that is asked about turns on what clients need for it, unless the configuration says otherwise.
    const isFit = ofSettings.every(({ result }) => result === 'ok')
    const asked = profile !== undefined && isFit ? { ...config, preset: profile.name } : config
    return [
      ...configurationFindings(config, world.cwd, file),
      ...ofSettings,
      ...checkSecrets(config),
      ...checkOAuth1Settings(config),
      clockFinding(now),
      ...(await checkIssuer(config.issuer, world.fetch, now)),
      ...(await checkDatabase({
        file: databaseFile(invocation, config),
        now,
        hasher: world.hasher,
        oauth1Secrets: oauth1SecretsOf(config),
        secrets: config.secrets ?? [],
        profile,
        more: (store) => featureFindings(invocation, asked, store),
        openStore: world.openStore,
      })),
    ]
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error
    return [
      ...error.problems.map((line) => fail('configuration', line, 'see docs/configuration.md')),
      clockFinding(now),
    ]
  }
}

const lineOf = ({ check, result, text, advice }: Finding): string =>
  printable(`${result.padEnd(4)}  ${check}: ${text}${advice === undefined ? '' : `; ${advice}`}`)

async function doctor(invocation: Invocation): Promise<Outcome> {
  const found = await findings(invocation)
  const failed = found.some(({ result }) => result === 'fail')
  return {
    text: found.map(lineOf).join('\n'),
    json: { ok: !failed, findings: found },
    exitCode: failed ? exitCode.failed : exitCode.ok,
  }
}

export function addDoctorCommand(program: Command, world: World, slot: OutcomeSlot): void {
  defineCommand(program, world, slot, {
    usage: 'doctor',
    about:
      'check configuration, secrets, clock, issuer and database, and say what to do; ends with 1 if something fails',
    examples: ['cardea doctor', 'cardea doctor --config cardea.config.yaml --json', 'cardea doctor --profile fapi2'],
    options: (command) =>
      command.option('--profile <name>', `what would it refuse of which client: ${presetNames.join(', ')}`),
    run: doctor,
  })
}
