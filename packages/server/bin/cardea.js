#!/usr/bin/env -S node --max-semi-space-size=8 --heap-growing-percent=80 --disable-sigusr1
// Committed, unlike what the build makes: npm links and marks commands executable before the build has run.
// The first flag bounds the part of the heap for what dies at once: 50 MB less at full load, for no time that can be
// measured. The second has the rest looked through before it has grown fourfold: 40 MB less, for as little. The third
// keeps a signal from opening the debugger, before the command itself has begun to ignore it.
import '../dist/command.js'
