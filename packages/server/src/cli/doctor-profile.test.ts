import assert from 'node:assert/strict'
import { test } from 'node:test'
import { InProcessWorld } from '../../test-support/in-process-world.ts'

const env = {
  CARDEA_ISSUER: 'http://localhost:25099',
  CARDEA_SECRETS: 'kR8v0Jq2mX5tZ7wB1nC4pF6sH9yL3dGa',
}

interface Report {
  findings: { check: string; result: string; text: string; advice?: string }[]
}

async function said(cli: InProcessWorld, profile: string): Promise<string[]> {
  const { json } = await cli.run(`doctor --profile ${profile} --json`, { env })
  return json<Report>()
    .findings.filter(({ check }) => check === `profile ${profile}`)
    .map(({ result, text, advice }) => `${result} ${text}; ${advice}`)
}

test('doctor --profile: tells for every client what the profile would refuse, and what to change', async () => {
  const cli = new InProcessWorld()
  await cli.run('client create shop --redirect-uri https://shop.example/cb --pkce none')
  await cli.run('client create app --public --native --redirect-uri com.example.app:/cb')
  await cli.run('client create gone --redirect-uri https://gone.example/cb --pkce none')
  await cli.run('client update gone --disable')
  const oauth21 = await said(cli, 'oauth21')
  assert.equal(oauth21.length, 1)
  assert.match(oauth21[0] ?? '', /^warn refuses client shop: requests without PKCE.*client update shop --pkce S256/)
  const fapi2 = await said(cli, 'fapi2')
  const of = (list: string[], client: string, text: string) =>
    list.filter((line) => line.includes(`client ${client}: `) && line.includes(text)).length
  for (const client of ['app', 'shop']) {
    assert.equal(of(fapi2, client, 'client authentication by'), 1, fapi2.join('\n'))
    assert.equal(of(fapi2, client, 'not pushed'), 1)
    assert.equal(of(fapi2, client, 'without proof of a key'), 1)
    assert.equal(of(fapi2, client, 'not signed'), 0)
    assert.equal(of(await said(cli, 'fapi2-message-signing'), client, 'not signed'), 1)
  }
  assert.equal(of(await said(cli, 'mcp'), 'app', 'com.example.app:/cb'), 1)
  assert.equal(
    fapi2.some((line) => line.includes('gone')),
    false,
  )
})

test('doctor --profile: a profile that refuses nothing says so, and one there is not is refused', async () => {
  const cli = new InProcessWorld()
  await cli.run('client create shop --redirect-uri https://shop.example/cb')
  assert.match((await said(cli, 'oauth21')).join(), /^ok refuses nothing of any client/)
  const { code, out } = await cli.run('doctor --profile fapi1', { env })
  assert.equal(code, 1)
  assert.match(out, /--profile: got "fapi1"; valid: oauth21, fapi2/)
})
