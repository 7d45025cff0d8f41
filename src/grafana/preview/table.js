/** Tables: rows from instant answers, with the transformations that the boards use. */

import { colorOf, fieldOf } from './field.js';
import { present } from './timeseries.js';
import { written } from './units.js';

/** As Grafana's merge: rows become one if the labels that all targets have are the same and nothing contradicts. */
function merged(panel, frames) {
  const several = panel.targets.length > 1;
  const names = frames.map(({ labels }) => Object.keys(labels));
  const common = (names[0] ?? []).filter((name) => names.every((all) => all.includes(name)));
  const rows = [];
  for (const { labels, refId, values } of frames) {
    const row = { ...labels, [several ? `Value #${refId}` : 'Value']: present(values).at(-1) };
    const same = rows.find(
      (other) =>
        common.every((name) => other[name] === row[name]) &&
        Object.keys(row).every((name) => !(name in other) || other[name] === row[name]),
    );
    if (same && several) {
      Object.assign(same, row);
    } else {
      rows.push(row);
    }
  }
  return rows;
}

function organized(panel, rows) {
  const options = panel.transformations?.find(({ id }) => id === 'organize')?.options ?? {};
  const unknown = (panel.transformations ?? []).filter(({ id }) => !['organize', 'merge'].includes(id));
  if (unknown.length > 0) {
    throw new Error(`transformation ${unknown[0].id} (expected: merge or organize)`);
  }
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))]
    .filter((name) => name !== '__name__' && !options.excludeByName?.[name])
    .sort((a, b) => (options.indexByName?.[a] ?? 99) - (options.indexByName?.[b] ?? 99));
  return names.map((from) => ({ from, title: options.renameByName?.[from] || from }));
}

export function table(body, panel, frames) {
  const rows = merged(panel, frames);
  const columns = organized(panel, rows);
  const [sort] = panel.options.sortBy ?? [];
  const by = columns.find(({ title }) => title === sort?.displayName)?.from;
  if (by) {
    const order = (a, b) => (typeof a[by] === 'number' ? a[by] - b[by] : String(a[by]).localeCompare(String(b[by])));
    rows.sort((a, b) => order(a, b) * (sort.desc ? -1 : 1));
  }
  const grid = document.createElement('table');
  grid.className = 'grid';
  const head = grid.insertRow();
  for (const { title } of columns) {
    const cell = document.createElement('th');
    cell.textContent = title;
    head.append(cell);
  }
  for (const row of rows) {
    const line = grid.insertRow();
    for (const { from, title } of columns) {
      const cell = line.insertCell();
      const value = row[from];
      if (!from.startsWith('Value')) {
        cell.textContent = value ?? '';
        continue;
      }
      const field = fieldOf(panel, { name: title, refId: from.replace('Value #', '') });
      cell.textContent = value === undefined ? '' : written(value, field);
      cell.className = 'number';
      const how = field.custom.cellOptions?.type;
      if (value !== undefined && how === 'color-text') {
        cell.style.color = colorOf(field, value, 0);
      } else if (value !== undefined && how === 'color-background') {
        cell.style.background = colorOf(field, value, 0);
      }
    }
  }
  body.append(grid);
}
