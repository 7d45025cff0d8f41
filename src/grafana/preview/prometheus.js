/** Queries with the board's variables filled in, as Grafana does it. */

async function get(path, parameters) {
  const response = await fetch(`/api/v1/${path}`, { method: 'POST', body: new URLSearchParams(parameters) });
  const answer = await response.json();
  if (answer.status !== 'success') {
    throw new Error(`${answer.error}: ${JSON.stringify(parameters)}`);
  }
  return answer.data;
}

export function fill(text, variables) {
  return text.replace(/\$\{(\w+)(?::\w+)?\}|\$([A-Za-z_]\w*)/g, (all, braced, bare) => {
    const value = variables[braced ?? bare];
    if (value === undefined) {
      throw new Error(`${all} in ${text} (expected: one of ${Object.keys(variables)})`);
    }
    return value;
  });
}

const escaped = (value) => value.replace(/[.*+?^${}()|[\]\\]/g, '\\\\$&');

/** Every variable stands for all of its values. */
export async function resolve(board, variables, range) {
  for (const variable of board.templating.list) {
    if (variable.type !== 'query') {
      variables[variable.name] = variable.current?.value ?? '';
      continue;
    }
    const query = fill(variable.query.query ?? variable.query, variables);
    const [, selector, label] = /^label_values\((?:(.*),)?\s*(\w+)\)$/.exec(query);
    const response = await fetch(
      `/api/v1/label/${label}/values?${new URLSearchParams({ 'match[]': selector, start: range.from, end: range.to })}`,
    );
    const values = (await response.json()).data;
    variables[variable.name] = `(${values.map(escaped).join('|')})`;
  }
}

function name(target, labels) {
  if (!target.legendFormat || target.legendFormat === '__auto') {
    const pairs = Object.entries(labels).filter(([label]) => label !== '__name__');
    return pairs.length > 0 ? pairs.map(([label, value]) => `${label}="${value}"`).join(', ') : 'Value';
  }
  return target.legendFormat.replace(/\{\{\s*(\w+)\s*\}\}/g, (_, label) => labels[label] ?? '');
}

const number = (text) => (text === '+Inf' ? Infinity : text === '-Inf' ? -Infinity : Number(text));

/** All series of a target; a range has the same times in each, null where nothing is. */
export async function ask(target, variables, range) {
  const query = fill(target.expr, variables);
  const data = target.instant
    ? await get('query', { query, time: range.to })
    : await get('query_range', { query, start: range.from, end: range.to, step: range.step });
  const result = data.resultType === 'scalar' ? [{ metric: {}, value: data.result }] : data.result;
  return result.map((one) => {
    const samples = new Map((one.values ?? [one.value]).map(([time, value]) => [Math.round(time), number(value)]));
    const times = target.instant ? [range.to] : range.times;
    return {
      refId: target.refId,
      labels: one.metric,
      name: name(target, one.metric),
      times,
      values: target.instant ? [...samples.values()] : times.map((time) => samples.get(time) ?? null),
    };
  });
}
