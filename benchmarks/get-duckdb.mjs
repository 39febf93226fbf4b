// Brings DuckDB's C library for this platform into benchmarks/.duckdb: for benchmarks and differential tests only.
// Use: node benchmarks/get-duckdb.mjs
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const version = '1.5.6-r.1';
const target = join(dirname(fileURLToPath(import.meta.url)), '.duckdb');
const name = `@duckdb/node-bindings-${process.platform}-${process.arch}`;
if (existsSync(join(target, version))) {
  console.log(`DuckDB ${version} is there already.`);
} else {
  mkdirSync(target, { recursive: true });
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const args = ['install', '--prefix', target, '--no-save', '--no-package-lock', '--no-audit', '--no-fund', '--loglevel=error', `${name}@${version}`];
  execFileSync(npm, args, { stdio: 'inherit', shell: process.platform === 'win32' });
  mkdirSync(join(target, version));
  console.log(`DuckDB ${version} is in ${target}.`);
}
