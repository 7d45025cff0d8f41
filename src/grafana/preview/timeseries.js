/** Curves over time by uPlot: stacks, two axes, thresholds, annotations, and the legend as a table. */

import { colorOf, fieldOf, paint } from './field.js';
import { written } from './units.js';

const CALCS = {
  mean: (values) => values.reduce((sum, value) => sum + value, 0) / values.length,
  max: (values) => Math.max(...values),
  min: (values) => Math.min(...values),
  last: (values) => values.at(-1),
  lastNotNull: (values) => values.at(-1),
  sum: (values) => values.reduce((sum, value) => sum + value, 0),
};
const TITLES = { lastNotNull: 'last *' };

export const present = (values) => values.filter((value) => value !== null && !Number.isNaN(value));

/** Each series on top of those before it in its group and on its axis; null counts as nothing there. */
function stacked(all) {
  const sums = new Map();
  return all.map(({ values, field }) => {
    const { mode, group } = field.custom.stacking ?? {};
    const key = `${group} ${field.custom.axisPlacement} ${field.unit}`;
    if (mode !== 'normal') {
      return { data: values, below: undefined };
    }
    const below = sums.get(key);
    const data = values.map((value, i) => (value === null ? (below?.data[i] ?? null) : value + (below?.data[i] ?? 0)));
    const top = { data, below: below?.index };
    sums.set(key, { data, index: all.findIndex((one) => one.values === values) });
    return top;
  });
}

function legend(panel, all) {
  const { legend: options } = panel.options;
  if (!options?.showLegend) {
    return undefined;
  }
  const shown = all
    .filter(({ field }) => !field.custom.hideFrom?.legend)
    .map((one) => ({ ...one, calcs: (options.calcs ?? []).map((calc) => CALCS[calc](present(one.values))) }))
    .filter(({ values }) => present(values).length > 0);
  const by = (options.calcs ?? []).findIndex((calc) => (TITLES[calc] ?? calc) === options.sortBy?.toLowerCase());
  if (by >= 0) {
    shown.sort((a, b) => (b.calcs[by] - a.calcs[by]) * (options.sortDesc ? 1 : -1));
  }
  const table = document.createElement('table');
  table.className = 'legend';
  const head = table.insertRow();
  head.append(document.createElement('th'));
  for (const calc of options.calcs ?? []) {
    const cell = document.createElement('th');
    cell.textContent = TITLES[calc] ?? calc;
    head.append(cell);
  }
  const most = Math.max(2, Math.floor((panel.gridPos.h * 38 * 0.4) / 15) - 1);
  shown.slice(0, shown.length > most ? most - 1 : most).forEach((one) => {
    const row = table.insertRow();
    const mark = document.createElement('i');
    mark.style.background = one.color;
    row.insertCell().append(mark, one.name);
    one.calcs.forEach((value) => (row.insertCell().textContent = written(value, one.field)));
  });
  if (shown.length > most) {
    table.insertRow().insertCell().textContent = `and ${shown.length - most + 1} more (Grafana scrolls here)`;
  }
  return table;
}

function axes(all, times) {
  const left = all.find(({ field }) => field.custom.axisPlacement !== 'right') ?? all[0];
  const right = all.find(({ field }) => field.custom.axisPlacement === 'right');
  const plain = { grid: { stroke: '#eceeef', width: 1 }, ticks: { show: false }, stroke: '#5a6065', font: '11px sans-serif' };
  const values = (field) => (_, splits) => splits.map((split) => (split === null ? '' : written(split, field)));
  return [
    { ...plain, space: 90, size: 26, gap: 6, values: (_, splits) => splits.map((split) => clock(split, times.at(-1) - times[0])) },
    { ...plain, scale: 'left', size: 66, space: 26, values: values(left.field) },
    ...(right ? [{ ...plain, scale: 'right', side: 1, size: 66, space: 26, grid: { show: false }, values: values(right.field) }] : []),
  ];
}

export function clock(time, length) {
  const text = new Date(time * 1000).toISOString();
  return length > 172800 ? text.slice(5, 10) : length > 1200 ? text.slice(11, 16) : text.slice(11, 19);
}

function limits(all, scale) {
  const mine = all.filter(({ field }) => (field.custom.axisPlacement === 'right') === (scale === 'right'));
  const first = mine[0]?.field ?? {};
  return (_, low, high) => {
    const soft = Math.max(high ?? 0, ...mine.map(({ field }) => field.custom.axisSoftMax ?? -Infinity));
    const top = first.max ?? (soft > 0 ? soft * 1.05 : 1);
    return [first.min ?? Math.min(low ?? 0, 0), top];
  };
}

/** Thresholds as dashed lines, annotations as lines from top to bottom. */
function marks(panel, annotations) {
  return (plot) => {
    const { ctx, bbox } = plot;
    const line = (color, x0, y0, x1, y1) => {
      ctx.save();
      ctx.strokeStyle = color;
      ctx.setLineDash([6, 4]);
      ctx.beginPath();
      ctx.moveTo(x0, y0);
      ctx.lineTo(x1, y1);
      ctx.stroke();
      ctx.restore();
    };
    const { defaults } = panel.fieldConfig;
    if (defaults.custom?.thresholdsStyle?.mode && defaults.custom.thresholdsStyle.mode !== 'off') {
      for (const step of defaults.thresholds.steps.filter(({ value }) => value !== null)) {
        const y = plot.valToPos(step.value, 'left', true);
        if (y >= bbox.top && y <= bbox.top + bbox.height) {
          line(step.color, bbox.left, y, bbox.left + bbox.width, y);
        }
      }
    }
    for (const { time, color } of annotations) {
      const x = plot.valToPos(time, 'x', true);
      line(color, x, bbox.top, x, bbox.top + bbox.height);
    }
  };
}

export function timeseries(body, panel, frames, annotations) {
  let seen = 0;
  const all = frames.map((series) => {
    const field = fieldOf(panel, series);
    const hidden = field.custom.hideFrom?.legend === true;
    return { ...series, field, hidden, color: colorOf(field, present(series.values).at(-1), hidden ? 0 : seen++) };
  });
  const tops = stacked(all);
  const place = document.createElement('div');
  place.className = 'plot';
  const table = legend(panel, all);
  body.append(place, ...(table ? [table] : []));
  const series = all.map(({ field, color }, i) => ({
    scale: field.custom.axisPlacement === 'right' ? 'right' : 'left',
    stroke: color,
    width: field.custom.lineWidth ?? 1,
    fill: tops[i].below === undefined && field.custom.fillOpacity ? paint(color, field.custom.fillOpacity / 100) : undefined,
    spanGaps: field.custom.spanNulls === true,
    points: { show: field.custom.showPoints === 'always' || undefined, size: field.custom.pointSize ?? 4, ...(field.custom.showPoints === 'never' ? { show: false } : {}) },
    paths: field.custom.drawStyle === 'bars' ? uPlot.paths.bars({ size: [0.9, 40] }) : undefined,
  }));
  new uPlot(
    {
      width: place.clientWidth,
      padding: [6, 26, 0, 0],
      height: place.clientHeight,
      series: [{}, ...series],
      axes: axes(all, all[0].times),
      scales: { x: { time: true }, left: { range: limits(all, 'left') }, right: { range: limits(all, 'right') } },
      bands: tops.flatMap(({ below }, i) =>
        below === undefined ? [] : [{ series: [i + 1, below + 1], fill: paint(all[i].color, (all[i].field.custom.fillOpacity ?? 0) / 100) }],
      ),
      legend: { show: false },
      cursor: { show: false },
      hooks: { draw: [marks(panel, annotations)] },
    },
    [all[0].times, ...tops.map(({ data }) => data)],
    place,
  );
}
