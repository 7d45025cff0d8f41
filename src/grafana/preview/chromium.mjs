/** A headless Chromium, spoken to through a pipe: the DevTools protocol, one JSON text before each NUL. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export class Chromium {
  #process;
  #profile;
  #waiting = new Map();
  #next = 1;
  #session;

  static async start() {
    const chromium = new Chromium();
    chromium.#profile = await mkdtemp(join(tmpdir(), 'preview-'));
    const sandbox = process.getuid() === 0 ? ['--no-sandbox'] : [];
    chromium.#process = spawn(
      'chromium',
      ['--headless', ...sandbox, '--disable-gpu', '--disable-dev-shm-usage', '--hide-scrollbars', '--force-device-scale-factor=1',
        `--user-data-dir=${chromium.#profile}`, '--remote-debugging-pipe', 'about:blank'],
      { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] },
    );
    chromium.#process.on('error', (error) => chromium.#fail(error));
    chromium.#process.on('exit', (code) => chromium.#fail(new Error(`chromium: ended with ${code} (expected: to run)`)));
    let held = Buffer.alloc(0);
    chromium.#process.stdio[4].on('data', (part) => {
      held = Buffer.concat([held, part]);
      for (let end = held.indexOf(0); end >= 0; end = held.indexOf(0)) {
        chromium.#take(JSON.parse(held.subarray(0, end).toString()));
        held = held.subarray(end + 1);
      }
    });
    const { targetId } = await chromium.#send('Target.createTarget', { url: 'about:blank' });
    chromium.#session = (await chromium.#send('Target.attachToTarget', { targetId, flatten: true })).sessionId;
    return chromium;
  }

  /** A page of this width, as high as it is, once it says that it is drawn: as PNG. */
  async picture(url, width) {
    await this.#size(width, 900);
    await this.#send('Page.navigate', { url });
    const drawn = await this.#evaluate(`new Promise((done) => {
      const look = () => document.body?.dataset.drawn ? done(document.body.dataset.drawn) : setTimeout(look, 50);
      look();
    })`);
    if (drawn !== 'yes') {
      throw new Error(`${url}: ${drawn}`);
    }
    await this.#size(width, await this.#evaluate('document.documentElement.scrollHeight'));
    const { data } = await this.#send('Page.captureScreenshot', { format: 'png', captureBeyondViewport: true });
    return Buffer.from(data, 'base64');
  }

  async stop() {
    this.#process.removeAllListeners('exit');
    if (this.#process.exitCode === null) {
      const over = once(this.#process, 'exit');
      this.#process.kill();
      await over;
    }
    await rm(this.#profile, { recursive: true, force: true, maxRetries: 5 });
  }

  #size(width, height) {
    return this.#send('Emulation.setDeviceMetricsOverride', { width, height, deviceScaleFactor: 1, mobile: false });
  }

  async #evaluate(expression) {
    for (let tries = 0; ; tries++) {
      try {
        const { result } = await this.#send('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true });
        return result.value;
      } catch (error) {
        // The page before is gone only now.
        if (tries >= 3) {
          throw error;
        }
      }
    }
  }

  #send(method, params = {}) {
    const id = this.#next++;
    const sessionId = this.#session;
    return new Promise((done, failed) => {
      this.#waiting.set(id, { done, failed });
      this.#process.stdio[3].write(`${JSON.stringify({ id, method, params, ...(sessionId ? { sessionId } : {}) })}\0`);
    });
  }

  #take({ id, result, error }) {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (error) {
      waiting?.failed(new Error(error.message));
    } else {
      waiting?.done(result);
    }
  }

  #fail(error) {
    this.#waiting.forEach(({ failed }) => failed(error));
    this.#waiting.clear();
  }
}
