/** Whether IPv6 works for clients, what the gate does where it does not, and who belongs on the rescue host. */

import type { Board } from '../board.js';
import { each, familyShades, NAME, pairOnOneScale } from '../family.js';
import { BAD, GOOD, WARN, stat, steps, timeseries, to, upDown } from '../panels.js';
import type { AnyPanel, Meaning, Timeseries } from '../panels.js';
import { happened, inRange, ofInstance, ofListener, quantile, rate, share, sum } from '../queries.js';
import type { Family } from '../queries.js';

const verdicts = (family: Family): Timeseries =>
  timeseries({
    title: `${NAME[family]}: connections that stood still`,
    shows: 'Connections that stood still in their first seconds, by what was seen of their path, on one scale for both families.',
    good: 'nothing but `silent`, from scanners.',
    bad: '`path_mtu`, `return_path` or `client_loss` over IPv6: packets get lost between client and proxy.',
    todo: 'find the networks in the session records (`cause` is `stalled`); `path_mtu` with `gate.ipv6.mss` 1220 means a path below 1280.',
    unit: 'cps',
    stacked: true,
    noValue: 'none',
    overrides: familyShades,
    links: [to('timeouts', 'Time-outs and resets')],
    targets: [
      {
        expr: happened(ofListener('dualpost_guard_verdicts_total', { family }), 'verdict'),
        legend: `${NAME[family]} {{verdict}}`,
      },
    ],
  });

const halfOpen = (family: Family): Timeseries =>
  timeseries({
    title: `${NAME[family]}: half-open connections`,
    shows: 'Connections whose client has not answered the SYN-ACK, on one scale for both families; retransmitted ones may have lost their way back.',
    good: 'a few, the same for both families.',
    bad: 'retransmitted ones over IPv6 alone: answers do not reach some clients. Over both: a SYN flood.',
    todo: 'no server can help such clients: give them the rescue host. For a flood, see `net.ipv4.tcp_syncookies`.',
    unit: 'short',
    overrides: familyShades,
    targets: [
      {
        expr: sum(ofInstance('dualpost_half_open_connections', { family }), 'state'),
        legend: `${NAME[family]} {{state}}`,
      },
    ],
  });

const open = (family: Family): AnyPanel =>
  upDown({
    title: `${NAME[family]}: listeners`,
    shows: 'Whether each listener takes connections of this family.',
    good: 'up, without a break.',
    bad: 'down over IPv6: it is withdrawn, and clients go to IPv4 at once; the reason is below.',
    todo: 'follow the reason: backends, addresses and routes of the host, or an order of an operator.',
    targets: [{ expr: `min by (listener) (${ofListener('dualpost_listener_up', { family })})`, legend: '{{listener}}' }],
  });

const counted = (title: string, meaning: Meaning, ...targets: [string, string][]): Timeseries =>
  timeseries({
    ...meaning,
    title,
    unit: 'short',
    noValue: 'none',
    targets: targets.map(([expr, legend]) => ({ expr, legend })),
  });

const fallbacks = (certainty: string): string =>
  sum(inRange(ofListener('dualpost_client_fallbacks_total', { certainty })));
const delay = (q: number): string =>
  quantile(q, inRange(ofInstance('dualpost_client_fallback_delay_seconds_bucket')));
const handshakes = (family: Family): string => sum(inRange(ofListener('dualpost_tls_handshakes_total', { family })));
const connections = (family: Family): string => sum(inRange(ofListener('dualpost_connections_total', { family })));

export const ipv6: Board = {
  name: 'ipv6',
  title: 'IPv6 health and rescue',
  description: 'Whether IPv6 works for clients, what the gate does where it does not, and who belongs on the rescue host.',
  from: 'now-24h',
  sections: [
    {
      title: 'In the time shown',
      lines: [
        {
          height: 5,
          panels: [
            stat({
              title: 'Handshakes per connection',
              shows: 'Completed TLS handshakes, for each connection.',
              good: 'the same for both families, to a few per cent.',
              bad: 'IPv6 clearly below IPv4: connections are made and then nothing large arrives.',
              todo: 'see below what was seen of their paths; compare `dualpost probe HOST` from outside.',
              unit: 'percentunit',
              noValue: 'no connections',
              thresholds: steps([null, BAD], [0.5, WARN], [0.8, GOOD]),
              targets: each((family) => share(handshakes(family), connections(family))),
            }),
            stat({
              title: 'Fallbacks',
              shows: 'Accounts that failed over IPv6 and then logged in over IPv4 within 3 minutes; estimates are put down to accounts of the same network.',
              good: 'few, and not growing.',
              bad: 'many: IPv6 is broken for a group of users.',
              todo: 'list them: `dualpost rescue report`.',
              unit: 'short',
              noValue: 'none',
              thresholds: steps([null, GOOD], [10, WARN], [100, BAD]),
              targets: [
                { expr: fallbacks('account'), legend: 'accounts' },
                { expr: fallbacks('estimate'), legend: 'estimates' },
              ],
            }),
            stat({
              title: 'Delay of a fallback',
              shows: 'From the failure over IPv6 to the login over IPv4.',
              good: 'under a second.',
              bad: 'above: users wait, or try again by hand.',
              todo: 'let the kernel refuse their networks: `gate.ipv6.mode: enforce` with `dualpost kernel-gate`.',
              unit: 's',
              noValue: 'none',
              thresholds: steps([null, GOOD], [1, WARN], [5, BAD]),
              targets: [
                { expr: delay(0.5), legend: 'p50' },
                { expr: delay(0.95), legend: 'p95' },
              ],
            }),
            stat({
              title: 'Belong elsewhere',
              shows: 'Accounts that fail over IPv6 and never come by IPv4, and accounts on the rescue host whose IPv6 works.',
              good: 'none of the first kind.',
              bad: 'the first kind: their mail client never falls back.',
              todo: 'point them at the rescue host, or back: `dualpost rescue report` names them.',
              unit: 'short',
              thresholds: steps([null, GOOD], [1, WARN]),
              targets: [
                { expr: sum(ofInstance('dualpost_rescue_candidates', { list: 'to_rescue' })), legend: 'to the rescue host' },
                { expr: sum(ofInstance('dualpost_rescue_candidates', { list: 'to_return' })), legend: 'back from it' },
              ],
            }),
          ],
        },
      ],
    },
    {
      title: 'What arrives, both families on one scale',
      lines: [
        { height: 8, panels: pairOnOneScale(verdicts) },
        { height: 8, panels: pairOnOneScale(halfOpen) },
      ],
    },
    {
      title: 'Listeners',
      lines: [
        { height: 6, panels: [open('ipv4'), open('ipv6')] },
        {
          height: 6,
          panels: [
            counted(
              'Withdrawn listeners by reason',
              {
                shows: 'Listeners that do not listen over IPv6, by reason.',
                good: 'none; `operator` and `drain` are on purpose.',
                bad: '`backends`, `self_test` or `overload` for long.',
                todo: 'see the alert Ipv6Withdrawn and its runbook; `dualpost family status ipv6` says since when.',
              },
              [sum(ofListener('dualpost_listener_withdrawn'), 'reason'), '{{reason}}'],
            ),
          ],
        },
      ],
    },
    {
      title: 'Networks that are refused',
      lines: [
        {
          height: 8,
          panels: [
            counted(
              'Attempts from refused networks',
              {
                shows: 'Attempts a second, by what became of them: refused by the kernel at the SYN, reset after accept, or let in while the gate only observes.',
                good: '`kernel`: clients go to IPv4 after one round trip.',
                bad: '`reset` in numbers: clients see an error and do not fall back.',
                todo: 'run `dualpost kernel-gate`; see the manual page on IPv6.',
              },
              [sum(rate(ofInstance('dualpost_gate_refusals_total')), 'method'), '{{method}}'],
            ),
            counted(
              'Networks in the set',
              {
                shows: 'Networks that should be refused, by who wants it, and how many times one was learned or turned out to work again within the hour.',
                good: 'few learned ones.',
                bad: 'learned ones that grow quickly: something on the way broke for many at once, maybe near this host.',
                todo: 'list them: `dualpost gate list`; `dualpost gate explain ADDRESS` shows the evidence.',
              },
              [sum(ofInstance('dualpost_gate_networks'), 'origin'), '{{origin}}'],
              [sum(`increase(${ofInstance('dualpost_gate_learned_total')}[1h])`, 'verdict'), 'learned: {{verdict}}'],
              [sum(`increase(${ofInstance('dualpost_gate_forgotten_total')}[1h])`), 'works again'],
            ),
            upDown({
              title: 'Kernel gate',
              shows: 'Whether the process answers that lets the kernel refuse networks.',
              good: 'up where it is configured; down where it is not.',
              bad: 'down where it is configured: networks are accepted and reset.',
              todo: 'look at `systemctl status dualpost-kernel-gate` and its log.',
              targets: [{ expr: sum(ofInstance('dualpost_gate_kernel_up'), 'instance'), legend: '{{instance}}' }],
            }),
          ],
        },
      ],
    },
  ],
};
