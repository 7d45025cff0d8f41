/** Are users happy, and as happy over IPv6 as over IPv4? */

import type { Board } from '../board.js';
import { COLOUR, each, familyOverrides, familyShades, NAME, pair, pairOnOneScale } from '../family.js';
import { BAD, GOOD, WARN, bargauge, fixed, stat, steps, table, timeseries, to, toListener, upDown } from '../panels.js';
import type { Timeseries } from '../panels.js';
import { inRange, ofInstance, ofListener, quantile, rate, share, shareOfAll, sum } from '../queries.js';
import type { Family } from '../queries.js';

const HAPPY = steps([null, BAD], [0.6, WARN], [0.8, GOOD]);
const PROMPT = steps([null, GOOD], [1, WARN], [3, BAD]);

const connections = (family: Family): string => ofListener('dualpost_connections_total', { family });
const logins = (family: Family): string => ofListener('dualpost_logins_total', { family, result: 'ok' });
const greeting = (family: Family): string => ofListener('dualpost_first_byte_seconds_bucket', { family });

const SUCCESS = {
  shows: 'Connections that led to a login, of all connections of the family.',
  good: 'the same for both families, and as on other days. Scanners and health checks keep it below 100 %.',
  bad: 'IPv6 below IPv4: users whose IPv6 is broken see time-outs. Both low: backends, certificates, or an attack.',
  todo: 'open “IPv6 health and rescue”; if all is well there, “Time-outs and resets” and the phase in which IPv6 ends, then “Backends”.',
};

const GREETING = {
  shows: 'From accept until the greeting was handed to the kernel, TLS included where it comes first.',
  good: 'under a second, and alike for both families: three round trips of the user’s line.',
  bad: 'seconds over one family alone: packets are lost on its way. Over both: late event loops.',
  todo: 'compare with the handshake times in “TLS and certificates” and the event loops in “JVM and Netty”.',
};

const success = (family: Family): Timeseries =>
  timeseries({
    ...SUCCESS,
    title: `${NAME[family]}: share of connections with a login`,
    unit: 'percentunit',
    max: 1,
    noValue: 'no connections',
    thresholds: HAPPY,
    overrides: familyOverrides,
    links: [to('ipv6', 'IPv6 health and rescue'), to('timeouts', 'Time-outs and resets')],
    targets: [{ expr: shareOfAll(sum(rate(logins(family))), sum(rate(connections(family)))), legend: NAME[family] }],
  });

const arrivals = (family: Family): Timeseries =>
  timeseries({
    title: `${NAME[family]}: new connections`,
    shows: 'Client connections a second, by listener, on one scale for both families.',
    good: 'the shape of the day; IPv6 a steady part of it.',
    bad: 'a family falls to nothing while the other goes on (routing, DNS, firewall), or leaps (an attack).',
    todo: 'see whether the listener is up on this family below, then DNS and routes from outside.',
    unit: 'cps',
    stacked: true,
    overrides: familyShades,
    links: [toListener('traffic', 'Traffic of this listener')],
    targets: [
      { expr: sum(rate(connections(family)), 'listener'), legend: `${NAME[family]} {{listener}}` },
    ],
  });

const prompt = (family: Family): Timeseries =>
  timeseries({
    ...GREETING,
    title: `${NAME[family]}: time to the greeting`,
    unit: 's',
    thresholds: PROMPT,
    overrides: familyShades,
    links: [to('tls', 'TLS and certificates')],
    targets: [0.95, 0.5].map((q) => ({
      expr: quantile(q, rate(greeting(family))),
      legend: `${NAME[family]} p${q * 100}`,
    })),
  });

const hostrole = (role: string): string =>
  sum(inRange(ofListener('dualpost_logins_total', { result: 'ok', hostrole: role })));

export const overview: Board = {
  name: 'overview',
  title: 'Overview',
  description: 'Are users happy, and as happy over IPv6 as over IPv4?',
  from: 'now-6h',
  sections: [
    {
      title: 'Are users happy?',
      lines: [
        {
          height: 5,
          panels: [
            stat({
              title: 'Open sessions',
              shows: 'Client connections open now.',
              good: 'follows the hour of the day.',
              bad: 'a family near 0, or all together near the ceiling.',
              todo: 'near 0: look at the listeners below. Near the ceiling: “Time-outs and resets”, then raise `limits.sessions`.',
              unit: 'short',
              spark: true,
              decimals: 0,
              overrides: familyOverrides,
              links: [to('timeouts', 'Time-outs and resets')],
              targets: each((family) => sum(ofListener('dualpost_connections_active', { family }))),
            }),
            stat({
              ...SUCCESS,
              title: 'Connections with a login',
              unit: 'percentunit',
              noValue: 'no connections',
              thresholds: HAPPY,
              links: [to('ipv6', 'IPv6 health and rescue'), to('timeouts', 'Time-outs and resets')],
              targets: each((family) => shareOfAll(sum(inRange(logins(family))), sum(inRange(connections(family))))),
            }),
            stat({
              ...GREETING,
              title: 'Greeting, p95',
              unit: 's',
              noValue: 'no sessions',
              thresholds: PROMPT,
              links: [to('tls', 'TLS and certificates')],
              targets: each((family) => quantile(0.95, inRange(greeting(family)))),
            }),
            stat({
              title: 'Share of IPv6',
              shows: 'Logins over IPv6, of all logins in the time shown.',
              good: 'grows from month to month.',
              bad: 'falls within a day: users, or their clients, have turned away from IPv6.',
              todo: 'look when it fell, below, and at “Time-outs and resets” over IPv6 at that time.',
              unit: 'percentunit',
              noValue: 'no logins',
              color: fixed(COLOUR.ipv6),
              links: [to('traffic', 'Traffic')],
              targets: [
                {
                  expr: share(
                    sum(inRange(logins('ipv6'))),
                    sum(inRange(ofListener('dualpost_logins_total', { result: 'ok' }))),
                  ),
                  legend: 'IPv6',
                },
              ],
            }),
            stat({
              title: 'Over the rescue host',
              shows: 'Logins of clients that asked for the rescue host, of all logins in the time shown.',
              good: 'small, and falling as clients get mended.',
              bad: 'grows: more users are told, or find, that the dual host fails them.',
              todo: 'print `dualpost rescue report`, ask support which clients and which access lines, and open “IPv6 health and rescue”.',
              unit: 'percentunit',
              noValue: 'no logins',
              thresholds: steps([null, GOOD], [0.05, WARN], [0.2, BAD]),
              links: [to('ipv6', 'IPv6 health and rescue')],
              targets: [{ expr: share(hostrole('rescue'), hostrole('~.*')), legend: 'rescue' }],
            }),
            stat({
              title: 'Faults of the proxy',
              shows: 'Internal errors in the time shown.',
              good: '0.',
              bad: 'any other number: a session met a fault of the program.',
              todo: 'take the stack trace from the log and report it.',
              unit: 'short',
              decimals: 0,
              thresholds: steps([null, GOOD], [0.5, BAD]),
              links: [to('jvm', 'JVM and Netty')],
              targets: [{ expr: sum(inRange(ofInstance('dualpost_internal_errors_total'))), legend: 'internal errors' }],
            }),
          ],
        },
      ],
    },
    {
      title: 'IPv4 beside IPv6',
      lines: [
        { height: 8, panels: pair(success) },
        { height: 8, panels: pairOnOneScale(arrivals) },
        { height: 8, panels: pairOnOneScale(prompt) },
      ],
    },
    {
      title: 'Listeners and proxies',
      lines: [
        {
          height: 8,
          widths: [8, 16],
          panels: [
            bargauge({
              title: 'Share of IPv6 by listener',
              shows: 'Connections over IPv6, of all connections of the listener in the time shown.',
              good: 'alike for the listeners of one service.',
              bad: 'one listener far below the others: its port may be closed on the way over IPv6.',
              todo: 'try that port over IPv6 from outside, and look at packet filters.',
              unit: 'percentunit',
              max: 1,
              noValue: 'no connections',
              color: fixed(COLOUR.ipv6),
              targets: [
                {
                  expr: share(
                    sum(inRange(connections('ipv6')), 'listener'),
                    sum(inRange(ofListener('dualpost_connections_total')), 'listener'),
                  ),
                  legend: '{{listener}}',
                },
              ],
            }),
            upDown({
              title: 'Listeners, by family',
              shows: 'Whether each listener is bound and accepts, by family.',
              good: 'up throughout.',
              bad: 'down: nobody reaches it over this family. “IPv6 withdrawn” marks when.',
              todo: 'ask “IPv6 health and rescue” or `dualpost family status` why; `/ready` and the log say what could not be opened.',
              links: [to('ipv6', 'IPv6 health and rescue')],
              targets: [
                {
                  expr: `min by (listener, family) (${ofListener('dualpost_listener_up')})`,
                  legend: '{{listener}} {{family}}',
                },
              ],
            }),
          ],
        },
        {
          height: 6,
          panels: [
            table({
              title: 'Proxies',
              shows: 'What runs where, since when, with which configuration.',
              good: 'one version and one configuration everywhere.',
              bad: 'hashes or versions that differ longer than a rollout lasts; a proxy that drains unasked.',
              todo: 'finish the rollout, or go back.',
              unit: 'short',
              overrides: [
                {
                  matcher: { id: 'byName', options: 'started' },
                  properties: [{ id: 'unit', value: 'dateTimeAsIso' }],
                },
              ],
              transformations: [
                { id: 'merge', options: {} },
                {
                  id: 'organize',
                  options: {
                    excludeByName: { Time: true, job: true, __name__: true, 'Value #A': true, 'Value #C': true },
                    renameByName: { 'Value #B': 'started', 'Value #D': 'draining', hash: 'configuration' },
                    indexByName: {},
                  },
                },
              ],
              targets: [
                { expr: `max by (instance, version, java, netty, transport, tls_engine) (${ofInstance('dualpost_build_info')})` },
                { expr: `1000 * max by (instance) (${ofInstance('dualpost_start_time_seconds')})` },
                { expr: `max by (instance, hash) (${ofInstance('dualpost_config_info')})` },
                { expr: `max by (instance) (${ofInstance('dualpost_draining')})` },
              ],
            }),
          ],
        },
      ],
    },
  ],
};
