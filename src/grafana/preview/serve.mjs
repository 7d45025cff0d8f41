/** Serves the preview and the boards on loopback and passes queries on to a Prometheus. */

import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const TYPES = { html: 'text/html; charset=utf-8', js: 'text/javascript', css: 'text/css', json: 'application/json' };
const UPLOT = { '/uplot.css': 'uPlot.min.css', '/uplot.js': 'uPlot.iife.min.js' };

function fileOf(path) {
  if (path in UPLOT) {
    return here(`../node_modules/uplot/dist/${UPLOT[path]}`);
  }
  const board = /^\/boards\/([\w-]+\.json)$/.exec(path);
  if (board) {
    return here(`../../../grafana/dashboards/${board[1]}`);
  }
  return /^\/[\w-]+\.(js|css)$/.test(path) ? here(`.${path}`) : here('./index.html');
}

async function passOn(request, response, prometheus) {
  const body = [];
  for await (const part of request) {
    body.push(part);
  }
  const answer = await fetch(prometheus + request.url, {
    method: request.method,
    headers: request.method === 'POST' ? { 'content-type': request.headers['content-type'] } : {},
    ...(request.method === 'POST' ? { body: Buffer.concat(body) } : {}),
  });
  response.writeHead(answer.status, { 'content-type': TYPES.json });
  response.end(Buffer.from(await answer.arrayBuffer()));
}

/** Answers with the server and its address. */
export async function serve(prometheus) {
  const server = createServer((request, response) => {
    const path = new URL(request.url, 'http://localhost').pathname;
    const done = path.startsWith('/api/v1/')
      ? passOn(request, response, prometheus)
      : readFile(fileOf(path)).then((content) => {
          const type = fileOf(path).split('.').at(-1);
          response.writeHead(200, { 'content-type': TYPES[type] });
          response.end(content);
        });
    done.catch((error) => response.writeHead(502).end(String(error)));
  });
  await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
  return { server, address: `http://127.0.0.1:${server.address().port}` };
}
