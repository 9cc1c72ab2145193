#!/usr/bin/env node
// Committed, unlike what the build makes: npm links and marks commands executable before the build has run.
import '../dist/main.js'
