/** The kinds of panels that are no curves. */

import { byThreshold, colorOf, fieldOf, legible } from './field.js';
import { clock, present } from './timeseries.js';
import { written } from './units.js';

function element(parent, name, className, text) {
  const made = document.createElement(name);
  made.className = className ?? '';
  made.textContent = text ?? '';
  parent.append(made);
  return made;
}

function spark(cell, values, color) {
  const canvas = element(cell, 'canvas');
  const { clientWidth: width, clientHeight: height } = canvas;
  canvas.width = width;
  canvas.height = height;
  const pen = canvas.getContext('2d');
  const top = Math.max(...present(values), 1e-12);
  pen.fillStyle = color;
  pen.beginPath();
  pen.moveTo(0, height);
  values.forEach((value, i) => pen.lineTo((i / (values.length - 1)) * width, height - ((value ?? 0) / top) * height * 0.95));
  pen.lineTo(width, height);
  pen.fill();
}

export function stat(body, panel, frames) {
  const all = element(body, 'div', 'stats');
  frames.forEach((series) => {
    const field = fieldOf(panel, series);
    const value = present(series.values).at(-1);
    const cell = element(all, 'div', 'stat');
    const color = colorOf(field, value, 0);
    if (panel.options.graphMode === 'area') {
      spark(cell, series.values, color);
    }
    if (frames.length > 1) {
      element(cell, 'div', 'name', field.displayName ?? series.name);
    }
    const text = element(cell, 'div', 'value', written(value, field));
    if (panel.options.colorMode === 'value') {
      text.style.color = legible(color);
    }
  });
  // Only now each has its share of the width.
  for (const text of all.querySelectorAll('.value')) {
    const { clientWidth: width } = text.parentElement;
    text.style.fontSize = `${Math.min(29, (width / Math.max(4, text.textContent.length)) * 1.45)}px`;
  }
}

export function bargauge(body, panel, frames) {
  const top = Math.max(...frames.flatMap(({ values }) => present(values)), 1e-12);
  frames.forEach((series, i) => {
    const field = fieldOf(panel, series);
    const value = present(series.values).at(-1);
    const row = element(body, 'div', 'bar');
    element(row, 'span', '', series.name);
    const bar = element(element(row, 'div'), 'div');
    bar.style.width = `${Math.min(100, (100 * (value ?? 0)) / (field.max ?? top))}%`;
    bar.style.background = colorOf(field, value, i);
    element(row, 'span', '', written(value, field));
  });
}

export function stateTimeline(body, panel, frames) {
  const states = element(body, 'div', 'states');
  for (const series of frames) {
    const field = fieldOf(panel, series);
    element(states, 'span', '', series.name);
    const course = element(states, 'div', 'course');
    const { times, values } = series;
    const width = 100 / times.length;
    for (let i = 0, end; i < times.length; i = end) {
      for (end = i + 1; end < times.length && values[end] === values[i]; end++);
      if (values[i] !== null) {
        const text = written(values[i], field);
        const state = element(course, 'div', '', (end - i) * width > 4 ? text : '');
        state.style.left = `${i * width}%`;
        state.style.width = `calc(${(end - i) * width}% - 4px)`;
        const mapped = field.mappings?.find(({ type, options }) => type === 'value' && String(values[i]) in options);
        state.style.background = mapped ? colorOf(field, values[i], 0) : byThreshold(field, values[i]);
      }
    }
  }
  const { times } = frames[0];
  const axis = element(states, 'div', 'clock');
  for (const part of [0.05, 0.35, 0.65, 0.95]) {
    const time = times[Math.round(part * (times.length - 1))];
    element(axis, 'span', '', clock(time, times.at(-1) - times[0])).style.left = `${part * 100}%`;
  }
}

const edge = ({ labels }) => (labels.le === '+Inf' ? Infinity : Number(labels.le));

/** Buckets of a histogram are counts up to an edge; a cell is what lies between two edges. */
export function heatmap(body, panel, frames) {
  const rows = [...frames].sort((a, b) => edge(a) - edge(b));
  const cells = rows.map(({ values }, i) =>
    values.map((value, at) => (value === null ? 0 : Math.max(0, value - (rows[i - 1]?.values[at] ?? 0)))),
  );
  const used = cells.flatMap((row, i) => (row.some((value) => value > 0) ? [i] : []));
  const low = Math.max(0, (used[0] ?? 0) - 1);
  const high = Math.min(rows.length - 1, (used.at(-1) ?? 0) + 1);
  const most = Math.max(...cells.flat(), 1e-12);
  const canvas = element(body, 'canvas', 'plot');
  const [width, height] = [body.clientWidth, body.clientHeight];
  canvas.width = width;
  canvas.height = height;
  const pen = canvas.getContext('2d');
  const [left, top, bottom] = [60, 8, 16];
  const { times } = rows[0];
  const [w, h] = [(width - left) / times.length, (height - top - bottom) / (high - low + 1)];
  const { fill, exponent } = panel.options.color;
  pen.font = '11px sans-serif';
  for (let row = low; row <= high; row++) {
    const y = height - bottom - (row - low + 1) * h;
    pen.globalAlpha = 1;
    pen.fillStyle = '#5a6065';
    pen.textAlign = 'right';
    pen.fillText(edge(rows[row]) === Infinity ? '+Inf' : written(edge(rows[row]), { unit: panel.options.yAxis.unit }), left - 6, y + 4);
    pen.fillStyle = fill;
    cells[row].forEach((value, i) => {
      if (value > panel.options.filterValues.le) {
        pen.globalAlpha = Math.max(0.08, (value / most) ** exponent);
        pen.fillRect(left + i * w, y, Math.max(1, w - panel.options.cellGap), h - panel.options.cellGap);
      }
    });
  }
  pen.globalAlpha = 1;
  pen.fillStyle = '#5a6065';
  pen.textAlign = 'center';
  for (const part of [0.05, 0.35, 0.65, 0.95]) {
    const time = times[Math.round(part * (times.length - 1))];
    pen.fillText(clock(time, times.at(-1) - times[0]), left + part * (width - left), height - 3);
  }
}
