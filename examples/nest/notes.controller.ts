import { Body, Controller, Get, Post } from '@nestjs/common'
import { RequireOAuth, Token, type TokenInfo } from 'cardea/nest'

const notes = new Map<string, string[]>()

@Controller('notes')
export class NotesController {
  // Either scope lets a reader in; only one lets a writer in.
  @Get()
  @RequireOAuth(['notes:read', 'notes:write'])
  list(@Token() { userId = '' }: TokenInfo): string[] {
    return notes.get(userId) ?? []
  }

  @Post()
  @RequireOAuth('notes:write')
  add(@Token() { userId = '' }: TokenInfo, @Body('text') text: string): { added: string } {
    notes.set(userId, [...(notes.get(userId) ?? []), text])
    return { added: text }
  }
}
