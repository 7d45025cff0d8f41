/** The mailbox and submission servers behind the proxy, and how each family reaches them. */

import { labelValues } from '../board.js';
import type { Board } from '../board.js';
import { each, familyShades, NAME, pair, pairOnOneScale } from '../family.js';
import { BAD, GOOD, WARN, stat, steps, table, timeseries, to, upDown } from '../panels.js';
import type { AnyPanel, Timeseries } from '../panels.js';
import { happened, inRange, ofBackend, ofListener, quantile, rate, share, sum } from '../queries.js';
import type { Family } from '../queries.js';

const up = (labels: Record<string, string> = {}): string => ofBackend('dualpost_backend_up', labels);
const known = (family: Family): string => ofBackend('dualpost_backend_addresses', { family });
const connects = (family: Family, labels: Record<string, string> = {}): string =>
  ofBackend('dualpost_backend_connects_total', { family, ...labels });
const connectTime = (family: Family): string => ofBackend('dualpost_backend_connect_duration_seconds_bucket', { family });

const TIMES = steps([null, GOOD], [0.5, WARN], [2, BAD]);

const serving = (family: Family): AnyPanel =>
  upDown({
    title: `${NAME[family]}: backends that serve`,
    shows: 'Whether each backend served last time over this family; whether it has an address of it at all.',
    good: 'up over at least one family, without a break.',
    bad: 'down over both: users are turned away if the pool has no other. Down over one: a route, a filter, or a listener of the backend.',
    todo: 'try the backend by hand from the proxy, over this family; the log says what the probe met.',
    // Neither good nor bad: most backends have one family.
    mayLackAddress: true,
    targets: [
      {
        expr: `min by (pool, backend) (${up({ family })} - (${known(family)} == bool 0))`,
        legend: '{{pool}} {{backend}}',
      },
    ],
  });

const results = (family: Family): Timeseries =>
  timeseries({
    title: `${NAME[family]}: connections to backends, by result`,
    shows: 'Connections that sessions tried, up to the backend’s greeting and TLS, by pool and result.',
    good: '`ok`; `cancelled` where the other family was faster.',
    bad: '`refused`, `timeout`, `unreachable`: the way to it. `tls_failed`: its certificate. `greeting_refused`: it is full.',
    todo: 'follow the result: packet filter, certificate of the backend, its limit of connections (for Dovecot `client_limit`).',
    unit: 'cps',
    stacked: true,
    noValue: 'none',
    overrides: familyShades,
    links: [to('timeouts', 'Time-outs and resets')],
    targets: [
      { expr: happened(connects(family), 'pool', 'result'), legend: `${NAME[family]} {{pool}} {{result}}` },
    ],
  });

const slow = (family: Family): Timeseries =>
  timeseries({
    title: `${NAME[family]}: time to a backend’s greeting, p95`,
    shows: 'From SYN to the backend’s greeting, TLS included, by backend, on one scale for both families.',
    good: 'tens of milliseconds, alike for all backends of a pool.',
    bad: 'one backend slower than the others, or one family slower than the other to the same backend.',
    todo: 'look at the load of that backend; for one family, at its route.',
    unit: 's',
    thresholds: TIMES,
    noValue: 'no connections',
    overrides: familyShades,
    targets: [
      {
        expr: quantile(0.95, rate(connectTime(family)), 'pool', 'backend'),
        legend: `${NAME[family]} {{pool}} {{backend}}`,
      },
    ],
  });

const open = (family: Family): Timeseries =>
  timeseries({
    title: `${NAME[family]}: open connections to backends`,
    shows: 'Connections of sessions that are open now, by backend, on one scale for both families.',
    good: 'spread over the backends of a pool.',
    bad: 'all at one backend while the others are up; or a backend at its limit.',
    todo: 'see whether the others serve, above.',
    unit: 'short',
    stacked: true,
    overrides: familyShades,
    targets: [
      {
        expr: sum(ofBackend('dualpost_backend_connections_active', { family }), 'pool', 'backend'),
        legend: `${NAME[family]} {{pool}} {{backend}}`,
      },
    ],
  });

const logins = (family: Family): Timeseries =>
  timeseries({
    title: `${NAME[family]}: clients’ logins by result`,
    shows: 'Logins of clients that were tried at a backend; the family is the client’s, not the one to the backend.',
    good: '`ok` above all; the same mix for both families.',
    bad: '`backend_unavailable`: no backend answered. A leap of `bad_credentials`: guessing, or the user database behind the backends is gone.',
    todo: '`backend_unavailable`: see above. `bad_credentials`: find the `client_net` in the session records and block it.',
    unit: 'cps',
    stacked: true,
    noValue: 'none',
    overrides: familyShades,
    links: [to('overview', 'Overview')],
    targets: [
      {
        expr: happened(ofListener('dualpost_logins_total', { family }), 'result'),
        legend: `${NAME[family]} {{result}}`,
      },
    ],
  });

const counts = (metric: string, labels: Record<string, string>): string =>
  sum(inRange(ofBackend(metric, labels)), 'pool', 'backend');
const addresses = (family: Family): string =>
  `max by (pool, backend) (${known(family)})`;
const probes = (family: Family): string =>
  counts('dualpost_backend_health_checks_total', { family, result: 'failed' });

const COLUMNS = [
  { name: 'IPv4 addresses', expr: addresses('ipv4') },
  { name: 'IPv6 addresses', expr: addresses('ipv6') },
  { name: 'failed probes, IPv4', expr: probes('ipv4') },
  { name: 'failed probes, IPv6', expr: probes('ipv6') },
  { name: 'failed look-ups', expr: counts('dualpost_backend_lookups_total', { result: 'failed' }) },
];

const SERIES = 'dualpost_backend_up{job=~"$job",instance=~"$instance"';

export const backends: Board = {
  name: 'backends',
  title: 'Backends',
  description: 'The mailbox and submission servers behind the proxy, and how each family reaches them.',
  from: 'now-6h',
  more: [
    labelValues('pool', 'Pool', `${SERIES}}`, 'A pool of backends.'),
    labelValues('backend', 'Backend', `${SERIES},pool=~"$pool"}`, 'A backend of these pools: host and port.'),
  ],
  sections: [
    {
      title: 'In the time shown',
      lines: [
        {
          height: 5,
          panels: [
            stat({
              title: 'Backends that serve over no family',
              shows: 'Backends that are down over IPv4 and over IPv6, as some proxy sees them.',
              good: '0.',
              bad: '1 or more: the rest of the pool carries its users; if it was the last, they are turned away.',
              todo: 'see which below, and whether its name still resolves.',
              unit: 'short',
              decimals: 0,
              thresholds: steps([null, GOOD], [1, BAD]),
              targets: [
                {
                  expr: `count((max by (job, instance, pool, backend) (${up()})) == 0) or vector(0)`,
                  legend: 'down',
                },
              ],
            }),
            stat({
              title: 'Failed connections to backends',
              shows: 'Connections to backends that failed, of all that were not cancelled, by the family to the backend.',
              good: '0 %.',
              bad: 'more over one family: users of both wait until the other is tried.',
              todo: 'mend the way over that family, or take its record out of the backend’s name.',
              unit: 'percentunit',
              noValue: 'no connections',
              thresholds: steps([null, GOOD], [0.01, WARN], [0.1, BAD]),
              targets: each((family) =>
                share(
                  sum(inRange(connects(family, { result: '!~ok|cancelled' }))),
                  sum(inRange(connects(family, { result: '!cancelled' }))),
                ),
              ),
            }),
            stat({
              title: 'To a backend’s greeting, p95',
              shows: 'From SYN to the backend’s greeting, TLS included, by the family to the backend.',
              good: 'tens of milliseconds.',
              bad: 'seconds: a full accept queue, or a look-up that the backend makes about the proxy’s address.',
              todo: 'see which backend below.',
              unit: 's',
              noValue: 'no connections',
              thresholds: TIMES,
              targets: each((family) => quantile(0.95, inRange(connectTime(family)))),
            }),
            stat({
              title: 'Login, p95',
              shows: 'From credentials to the answer of the login, all backends that were tried together, by the client’s family.',
              good: 'under a second. Backends answer wrong passwords late on purpose.',
              bad: 'seconds: backends that are tried in vain, or a slow user database.',
              todo: 'compare with the time to the greeting; if that is short, it is the user database.',
              unit: 's',
              noValue: 'no logins',
              thresholds: steps([null, GOOD], [1, WARN], [5, BAD]),
              targets: each((family) =>
                quantile(0.95, inRange(ofListener('dualpost_login_duration_seconds_bucket', { family }))),
              ),
            }),
          ],
        },
      ],
    },
    {
      title: 'To the backends, both families on one scale',
      lines: [
        { height: 7, panels: pair(serving) },
        { height: 8, panels: pairOnOneScale(results) },
        { height: 8, panels: pairOnOneScale(slow) },
        { height: 8, panels: pairOnOneScale(open) },
      ],
    },
    {
      title: 'What clients notice',
      lines: [
        { height: 8, panels: pairOnOneScale(logins) },
        {
          height: 6,
          panels: [
            table({
              title: 'Names and probes',
              shows: 'Addresses that are known of each backend, and probes and look-ups that failed in the time shown.',
              good: 'addresses of the families that you meant; no failures.',
              bad: 'no address: the name does not resolve. Failures over one family alone: as “backends that serve”.',
              todo: 'ask the proxy’s resolver for the name; take a record away that nothing listens on.',
              unit: 'short',
              decimals: 0,
              noValue: 'none',
              transformations: [
                { id: 'merge', options: {} },
                {
                  id: 'organize',
                  options: {
                    excludeByName: { Time: true },
                    indexByName: {},
                    renameByName: Object.fromEntries(
                      COLUMNS.map(({ name }, i) => [`Value #${String.fromCharCode('A'.charCodeAt(0) + i)}`, name]),
                    ),
                  },
                },
              ],
              targets: COLUMNS.map(({ expr }) => ({ expr })),
              sortBy: 'backend',
            }),
          ],
        },
      ],
    },
  ],
};
