/**
 * Writes the boards as Grafana reads them: `node build/generate.js FOLDER`. With `--check` before the folder it writes
 * nothing and fails if what is there is not what these sources say.
 */

import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dashboard } from './board.js';
import { backends } from './boards/backends.js';
import { ipv6 } from './boards/ipv6.js';
import { jvm } from './boards/jvm.js';
import { overview } from './boards/overview.js';
import { timeoutsAndResets } from './boards/timeouts.js';
import { tls } from './boards/tls.js';
import { traffic } from './boards/traffic.js';

const [folder, check] = process.argv.slice(2).sort((a, b) => Number(a === '--check') - Number(b === '--check'));
if (folder === undefined || folder === '--check') {
  throw new Error('expected: [--check] FOLDER');
}

const files = new Map(
  [overview, traffic, timeoutsAndResets, tls, ipv6, backends, jvm].map((board) => [
    `${board.name}.json`,
    `${JSON.stringify(dashboard(board), null, 2)}\n`,
  ]),
);

if (check === undefined) {
  mkdirSync(folder, { recursive: true });
  files.forEach((text, name) => writeFileSync(join(folder, name), text));
} else {
  const there = existsSync(folder) ? readdirSync(folder) : [];
  const different = [...new Set([...there, ...files.keys()])].filter(
    (name) => !there.includes(name) || readFileSync(join(folder, name), 'utf8') !== files.get(name),
  );
  if (different.length > 0) {
    console.error(`not what the sources say (run: npm run generate): ${different.join(', ')}`);
    process.exitCode = 1;
  }
}
