/** How sessions end that should not: in which phase, over which family, and by whose hand. */

import type { Board } from '../board.js';
import { COLOUR, each, familyShades, NAME, pair, pairOnOneScale } from '../family.js';
import { BAD, GOOD, WARN, heatmap, stat, steps, timeseries, to, toListener } from '../panels.js';
import type { AnyPanel, Meaning, Timeseries } from '../panels.js';
import { happened, inRange, ofInstance, ofListener, rate, share, sum } from '../queries.js';
import type { Family } from '../queries.js';

const closed = (family: Family, cause?: string): string =>
  ofListener('dualpost_connections_closed_total', { family, ...(cause === undefined ? {} : { cause }) });

/** What ends, by one label, on one scale for both families. */
const counted =
  (metric: string, label: string, title: string, meaning: Meaning) =>
  (family: Family): Timeseries =>
    timeseries({
      ...meaning,
      title: `${NAME[family]}: ${title}`,
      unit: 'cps',
      stacked: true,
      overrides: familyShades,
      links: [to('overview', 'Overview')],
      targets: [
        {
          expr: happened(ofListener(metric, { family }), label),
          legend: `${NAME[family]} {{${label}}}`,
        },
      ],
    });

const timeouts = counted('dualpost_timeouts_total', 'phase', 'time-outs by phase', {
  shows: 'Sessions and waits that ran out of patience, by the phase they were in.',
  good: 'few, most of them in `relay` (idle clients), and alike for both families.',
  bad: '`tls` over IPv6 alone is what a path-MTU hole looks like: small packets pass, the certificate does not. `connect` and `login` mean slow backends.',
  todo: 'for `tls`: let ICMPv6 “packet too big” pass, or lower the MTU; send users to the rescue host meanwhile. For `connect` and `login`: “Backends”.',
});

const endings = counted('dualpost_connections_closed_total', 'cause', 'endings by cause', {
  shows: 'Ended connections a second, by cause.',
  good: '`quit` and `client_close` above all.',
  bad: '`client_reset` and `timeout` over one family alone: its network. `backend_close` and `backend_reset`: backends. `limit`: the ceiling. `login_failures`: guessing.',
  todo: 'take session records with that `cause`, and see what their `client_net` have in common.',
});

const lost = counted('dualpost_connections_lost_total', 'phase', 'lost before a login, by phase', {
  shows: 'Connections that the client closed, or that broke, before a login, by the phase reached.',
  good: 'a steady floor of scanners and health checks in `accepted` and `tls`.',
  bad: 'more over IPv6 than over IPv4 in `tls` or `greeting`: clients give up on a broken path before we do.',
  todo: 'read it together with the time-outs above: the same phase, the same remedy.',
});

const refusals = counted('dualpost_refusals_total', 'reason', 'refusals by reason', {
  shows: 'Refusals in words that clients were sent, by reason.',
  good: '`bad_credentials` and little else, alike for both families.',
  bad: 'a leap of `bad_credentials` is guessing; `backend_unavailable` and `backend_fault` are ours; `session_limit` and `prefix_limit` turn users away.',
  todo: 'the list of refusals in the manual says what each one means; session records have `refusal` and `detail`.',
});

const durations = (family: Family): AnyPanel =>
  heatmap({
    title: `${NAME[family]}: duration of sessions`,
    shows: 'How long sessions lasted that ended at that moment.',
    good: 'a dense band below some seconds for POP, the same for both families.',
    bad: 'a second band at the length of a time-out (30 s, 60 s, 3 min), over one family alone.',
    todo: 'see which phase has that time-out, above.',
    unit: 's',
    fill: COLOUR[family],
    noValue: 'no sessions',
    targets: [
      {
        expr: sum(rate(ofListener('dualpost_session_duration_seconds_bucket', { family })), 'le'),
        legend: '{{le}}',
      },
    ],
  });

const byFamily = (metric: string, title: string, meaning: Meaning): Timeseries =>
  timeseries({
    ...meaning,
    title,
    unit: 'cps',
    bars: true,
    stacked: true,
    overrides: familyShades,
    links: [toListener('timeouts', 'This listener alone')],
    targets: [
      {
        expr: happened(ofListener(metric), 'listener', 'family', 'reason'),
        legend: '{{family}} {{listener}} {{reason}}',
      },
    ],
    noValue: 'none',
  });

const SHARE = { unit: 'percentunit', noValue: 'no sessions', links: [to('overview', 'Overview')] };

export const timeoutsAndResets: Board = {
  name: 'timeouts',
  title: 'Time-outs and resets',
  description: 'How sessions end that should not: in which phase, over which family, and by whose hand.',
  from: 'now-6h',
  sections: [
    {
      title: 'In the time shown',
      lines: [
        {
          height: 5,
          panels: [
            stat({
              ...SHARE,
              title: 'Ended by a time-out',
              shows: 'Sessions that ended by a time-out, of all that ended.',
              good: 'a few per cent, the same for both families.',
              bad: 'IPv6 clearly above IPv4: its path is broken for some users.',
              todo: 'find the phase below.',
              thresholds: steps([null, GOOD], [0.05, WARN], [0.15, BAD]),
              targets: each((family) => share(sum(inRange(closed(family, 'timeout'))), sum(inRange(closed(family))))),
            }),
            stat({
              ...SHARE,
              title: 'Ended by a reset',
              shows: 'Sessions that the client or the backend reset, of all that ended.',
              good: 'a few per cent; many clients reset instead of closing.',
              bad: 'a family well above its own past: middleboxes, or a backend that dies.',
              todo: 'tell `client_reset` from `backend_reset` below.',
              thresholds: steps([null, GOOD], [0.1, WARN], [0.3, BAD]),
              targets: each((family) =>
                share(sum(inRange(closed(family, '~client_reset|backend_reset'))), sum(inRange(closed(family)))),
              ),
            }),
            stat({
              title: 'Fullest proxy',
              shows: 'Open connections, of as many as may be open at once, at the fullest proxy.',
              good: 'below 60 % at the busiest hour.',
              bad: 'near 100 %: new clients are refused.',
              todo: 'raise `limits.sessions`, descriptors and memory with it, or add a proxy. One network alone: `sessions_per_prefix`.',
              unit: 'percentunit',
              thresholds: steps([null, GOOD], [0.6, WARN], [0.8, BAD]),
              links: [to('jvm', 'JVM and Netty')],
              targets: [
                {
                  expr: `max(${sum(ofInstance('dualpost_connections_active'), 'job', 'instance')} / on (job, instance) ${ofInstance('dualpost_connections_limit')})`,
                  legend: 'fullest',
                },
              ],
            }),
          ],
        },
      ],
    },
    {
      title: 'Time-outs and what clients do about them, both families on one scale',
      lines: [
        { height: 8, panels: pairOnOneScale(timeouts) },
        { height: 8, panels: pairOnOneScale(lost) },
      ],
    },
    {
      title: 'Endings and refusals, both families on one scale',
      lines: [
        { height: 8, panels: pairOnOneScale(endings) },
        { height: 8, panels: pairOnOneScale(refusals) },
        { height: 8, panels: pair(durations) },
      ],
    },
    {
      title: 'Turned away before a session',
      lines: [
        {
          height: 7,
          panels: [
            byFamily('dualpost_connections_refused_total', 'Refused above a limit', {
              shows: 'Client connections above a limit, by family, listener and limit.',
              good: 'none.',
              bad: '`session_limit`: the proxy is full. `prefix_limit`: one network has too many; behind it may be a whole company.',
              todo: 'raise `limits.sessions` or `limits.sessions_per_prefix`, or block who abuses them.',
            }),
            byFamily('dualpost_accept_errors_total', 'Not handed over by the kernel', {
              shows: 'Connections that the kernel could not hand over, by family, listener and reason.',
              good: 'none.',
              bad: '`descriptors`: the process may not open more files. `buffers`: the machine has no memory for sockets.',
              todo: 'raise `LimitNOFILE` of the service, or give the machine more memory.',
            }),
          ],
        },
      ],
    },
  ],
};
