#!/usr/bin/env sh
# Regenerates the checked-in parser from the grammar. On Windows: npm ci; npm run regenerate
set -eu
cd "$(dirname "$0")"
npm ci --silent
npm run --silent regenerate
