import 'reflect-metadata'
import { Module } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import { createProvider, type Provider } from 'cardea'
import { OAuthModule } from 'cardea/nest'
import { seededStore } from '../seeded-store.ts'
import { NotesController } from './notes.controller.ts'

const port = Number(process.env.PORT ?? 3000)
const issuer = process.env.ISSUER ?? `http://127.0.0.1:${port}`

async function makeProvider(): Promise<Provider> {
  // Keep the secret outside the code. A new one at every start only makes open pages and the refresh window forget.
  const secret = process.env.SECRET ?? crypto.randomUUID()
  return createProvider({ issuer, store: await seededStore(), secrets: [secret], title: 'Notes' })
}

@Module({
  imports: [OAuthModule.forRootAsync({ useFactory: makeProvider })],
  controllers: [NotesController],
})
class AppModule {}

// The raw body is what a form of OAuth 1 was signed with.
const app = await NestFactory.create(AppModule, { rawBody: true, logger: ['error', 'warn'] })
app.enableShutdownHooks()
await app.listen(port, '127.0.0.1')
console.log(`listening on ${issuer}`)
