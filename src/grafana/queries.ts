/** PromQL in small pieces. Every selector carries the board's variables, so that no query can forget them. */

export type Family = 'ipv4' | 'ipv6';
export type Protocol = 'pop3' | 'submission';

/** Label values; one that begins with `!`, `~` or `!~` brings its own way to match. */
export type Labels = Record<string, string>;

function matchers(labels: Labels): string {
  return Object.entries(labels)
    .map(([name, value]) => {
      const [, how = '', what = ''] = /^(!~|!|~)?(.*)$/.exec(value) ?? [];
      return `${name}${{ '': '=', '!': '!=', '~': '=~', '!~': '!~' }[how]}"${what}"`;
    })
    .join(',');
}

/** Of a process. */
export function ofInstance(metric: string, labels: Labels = {}): string {
  return `${metric}{${matchers({ job: '~$job', instance: '~$instance', ...labels })}}`;
}

/** Of listeners. */
export function ofListener(metric: string, labels: Labels = {}): string {
  return ofInstance(metric, { listener: '~$listener', ...labels });
}

/** Of a pool; only on the board that has these variables. */
export function ofPool(metric: string, labels: Labels = {}): string {
  return ofInstance(metric, { pool: '~$pool', ...labels });
}

/** Of backends; only on the board that has these variables. */
export function ofBackend(metric: string, labels: Labels = {}): string {
  return ofPool(metric, { backend: '~$backend', ...labels });
}

export const rate = (selector: string): string => `rate(${selector}[$__rate_interval])`;

/** Over the whole time that the board shows. */
export const inRange = (selector: string): string => `increase(${selector}[$__range])`;

export const sum = (expression: string, ...by: string[]): string =>
  by.length > 0 ? `sum by (${by.join(', ')}) (${expression})` : `sum(${expression})`;

/** How often it happens, by labels; without those by which nothing happened in the time shown, to keep legends short. */
export const happened = (selector: string, ...by: string[]): string =>
  `${sum(rate(selector), ...by)} and ${sum(`increase(${selector}[$__range] @ end())`, ...by)} > 0`;

/** Nothing instead of NaN where nothing happened. */
export const share = (part: string, whole: string): string => `${part} / (${whole} > 0)`;

/** Of a histogram, by a selector of its buckets; nothing instead of NaN where nothing happened. */
export const quantile = (q: number, buckets: string, ...by: string[]): string =>
  `histogram_quantile(${q}, ${sum(buckets, 'le', ...by)}) >= 0`;

/** A share of two counters that move at two moments: for one of them it may seem more than all. */
export const shareOfAll = (part: string, whole: string): string => `clamp_max(${share(part, whole)}, 1)`;

/** Keeps the listeners on which TLS comes first. */
export const ofTlsPorts = (expression: string): string =>
  `${expression} * on (job, instance, listener) group_left () ${ofListener('dualpost_listener_info', { tls: 'implicit' })}`;

/** Gives every listener's value its service and protocol, and keeps one protocol if one is named. */
export const withProtocol = (expression: string, protocol?: Protocol): string =>
  `${expression} * on (job, instance, listener) group_left (service, protocol) ${ofListener(
    'dualpost_listener_info',
    protocol ? { protocol } : {},
  )}`;
