/** `node pictures.mjs DATA FOLDER`: takes a picture of each board over the data that the test of the boards left. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Chromium } from './chromium.mjs';
import { serve } from './serve.mjs';

const WIDTH = 1280;
const READY_SECONDS = 60;

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

/** A Prometheus that scrapes nothing and answers from what is there. */
async function prometheusOver(data, scratch) {
  const port = await freePort();
  const settings = join(scratch, 'prometheus.yml');
  await writeFile(settings, 'scrape_configs: []\n');
  const process = spawn(
    'prometheus',
    [`--config.file=${settings}`, `--storage.tsdb.path=${data}`, '--storage.tsdb.retention.time=100y', `--web.listen-address=127.0.0.1:${port}`],
    { stdio: 'ignore' },
  );
  const address = `http://127.0.0.1:${port}`;
  for (let tries = 0; tries < READY_SECONDS * 10; tries++) {
    const response = await fetch(`${address}/-/ready`).catch(() => undefined);
    if (response?.ok) {
      return { process, address };
    }
    if (process.exitCode !== null) {
      throw new Error(`prometheus: ended with ${process.exitCode} (expected: to run)`);
    }
    await new Promise((later) => setTimeout(later, 100));
  }
  throw new Error(`prometheus: not ready after ${READY_SECONDS} s`);
}

const [data, folder] = process.argv.slice(2);
if (folder === undefined) {
  throw new Error('expected: DATA FOLDER');
}
const [from, to] = (await readFile(join(data, 'times'), 'utf8')).trim().split(' ');
const scratch = await mkdtemp(join(tmpdir(), 'preview-'));
const prometheus = await prometheusOver(join(data, 'prometheus'), scratch);
const { server, address } = await serve(prometheus.address);
const chromium = await Chromium.start();
try {
  await mkdir(folder, { recursive: true });
  for (const file of await readdir(new URL('../../../grafana/dashboards', import.meta.url))) {
    const board = file.replace(/\.json$/, '');
    const picture = await chromium.picture(`${address}/?board=${board}&from=${from}&to=${to}&scrape=2`, WIDTH);
    const path = join(folder, `dualpost-${board}.png`);
    await writeFile(path, picture);
    console.log(`${path}: ${Math.round(picture.length / 1024)} KiB`);
  }
} finally {
  await chromium.stop();
  server.close();
  server.closeAllConnections();
  prometheus.process.kill();
  await once(prometheus.process, 'exit');
  await rm(scratch, { recursive: true });
}
