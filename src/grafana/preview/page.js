/** Draws one board: `/?board=overview&from=UNIX&to=UNIX`. Sets `document.body.dataset.drawn` when all is there. */

import { bargauge, heatmap, stat, stateTimeline } from './panels.js';
import { ask, fill, resolve } from './prometheus.js';
import { table } from './table.js';
import { timeseries } from './timeseries.js';

const KINDS = { bargauge, heatmap, stat, 'state-timeline': stateTimeline, table, timeseries };
const POINTS = 240;

function rangeOf(parameters) {
  const [from, to] = ['from', 'to'].map((name) => Number(parameters.get(name)));
  const step = Math.max(1, Math.ceil((to - from) / POINTS));
  const times = [];
  for (let time = from; time <= to; time += step) {
    times.push(time);
  }
  return { from, to, step, times };
}

/** Where Grafana keeps to its own rules: four scrapes at least for a rate. */
function builtIn({ from, to, step }, scrape) {
  return {
    __interval: `${step}s`,
    __rate_interval: `${Math.max(4 * scrape, step + scrape, Math.round((to - from) / 12))}s`,
    __range: `${to - from}s`,
    __range_s: String(to - from),
    __range_ms: String((to - from) * 1000),
  };
}

async function annotationsOf(board, variables, range) {
  const all = [];
  for (const { expr, iconColor, enable } of board.annotations.list) {
    if (expr && enable) {
      for (const { times, values } of await ask({ expr }, variables, range)) {
        values.forEach((value, i) => {
          if (value !== null && (i === 0 || values[i - 1] === null)) {
            all.push({ time: times[i], color: iconColor });
          }
        });
      }
    }
  }
  return all;
}

async function draw(panel, variables, range, annotations) {
  const { x, y, w, h } = panel.gridPos;
  const place = document.createElement('section');
  place.style.gridArea = `${y + 1} / ${x + 1} / span ${h} / span ${w}`;
  document.querySelector('main').append(place);
  if (panel.type === 'row') {
    place.className = 'row';
    place.textContent = `▾ ${panel.title}`;
    return;
  }
  place.className = 'panel';
  const title = document.createElement('h2');
  title.textContent = fill(panel.title, variables);
  const body = document.createElement('div');
  body.className = 'body';
  place.append(title, body);
  if (panel.type === 'text') {
    body.textContent = panel.options.content;
    return;
  }
  const kind = KINDS[panel.type];
  if (!kind) {
    throw new Error(`panel ${panel.type} (expected: one of ${Object.keys(KINDS)})`);
  }
  const frames = (await Promise.all(panel.targets.map((target) => ask(target, variables, range)))).flat();
  const seen = frames.filter(({ values }) => values.some((value) => value !== null && !Number.isNaN(value)));
  if (seen.filter(({ refId }) => !refId.startsWith('Other')).length === 0) {
    body.innerHTML = '<p class="empty"></p>';
    body.firstChild.textContent = panel.fieldConfig.defaults.noValue ?? 'No data';
    return;
  }
  kind(body, panel, seen, annotations);
}

async function show() {
  const parameters = new URLSearchParams(location.search);
  const range = rangeOf(parameters);
  const board = await (await fetch(`/boards/${parameters.get('board')}.json`)).json();
  const variables = builtIn(range, Number(parameters.get('scrape') ?? 15));
  await resolve(board, variables, range);
  document.title = board.title;
  document.querySelector('h1').textContent = board.title;
  const [from, to] = [range.from, range.to].map((time) => new Date(time * 1000).toISOString().slice(0, 19).replace('T', ' '));
  document.querySelector('#times').textContent = `${from} to ${to.slice(11)} UTC. Longer panels are cut to that.`;
  for (const { name, label, hide } of board.templating.list) {
    if (hide !== 2) {
      const chip = document.createElement('span');
      chip.innerHTML = '<b></b>';
      chip.firstChild.textContent = label ?? name;
      chip.append(name === 'datasource' ? 'Prometheus' : 'All');
      document.querySelector('#variables').append(chip);
    }
  }
  const annotations = await annotationsOf(board, variables, range);
  for (const panel of board.panels.flatMap((one) => [one, ...(one.panels ?? [])])) {
    await draw(panel, variables, range, annotations);
  }
}

show().then(
  () => (document.body.dataset.drawn = 'yes'),
  (error) => (document.body.dataset.drawn = `failed: ${error.stack}`),
);
