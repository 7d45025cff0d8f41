/** Does IPv6 carry its users as well as IPv4 does, what is done about it, and who needs the rescue host? */

import { AxisPlacement } from '@grafana/schema';
import type { Board } from '../board.js';
import { each, familyShades, NAME, pair, pairOnOneScale } from '../family.js';
import {
  BAD, GOOD, NEUTRAL, PALETTE, UNKNOWN, WARN, inWords, stat, states, steps, timeseries, to, toListener,
} from '../panels.js';
import type { AnyPanel, Override, Timeseries } from '../panels.js';
import { inRange, ofInstance, ofListener, ofTlsPorts, quantile, rate, share, shareOfAll, sum } from '../queries.js';
import type { Family } from '../queries.js';

/** How long a half-open connection is seen between the second SYN-ACK and its end: TCP_SYNCNT 1, and Linux's own 5. */
const SEEN_SECONDS: Record<Family, number> = { ipv4: 62, ipv6: 2 };

/** Codes of the states of a listener; of several proxies the worst is shown. */
const REASONS = ['drain', 'operator', 'overload', 'backends', 'self_test'] as const;

const handshakes = (family: Family, over: (selector: string) => string): string =>
  sum(ofTlsPorts(over(ofListener('dualpost_tls_handshakes_total', { family }))));
const letIn = (family: Family, over: (selector: string) => string): string =>
  `(${sum(ofTlsPorts(over(ofListener('dualpost_connections_total', { family }))))} - ${sum(
    ofTlsPorts(over(ofListener('dualpost_connections_refused_total', { family }))),
  )})`;
const tlsShare = (family: Family, over: (selector: string) => string): string =>
  shareOfAll(handshakes(family, over), letIn(family, over));

const TLS = {
  shows:
    'Connections whose TLS came about, of those that were let in, on the ports where TLS comes first. It is the first step that needs large packets and a way back.',
  good: 'the same for both families. Scanners keep it below 100 %, mostly over IPv4.',
  bad: 'IPv6 clearly below IPv4: users wait, or see an error, before they are asked for a password.',
  todo: 'look at the verdicts below: they say what is broken. Many networks at once: `dualpost family disable ipv6 --for 2h`, then mend our own line. Few: tell their users the rescue host.',
};
const COMPLETE = steps([null, BAD], [0.7, WARN], [0.9, GOOD]);

const completed = (family: Family): Timeseries =>
  timeseries({
    ...TLS,
    title: `${NAME[family]}: share of connections with TLS`,
    unit: 'percentunit',
    max: 1,
    noValue: 'no connections',
    thresholds: COMPLETE,
    overrides: familyShades,
    links: [to('tls', 'TLS and certificates')],
    targets: [{ expr: tlsShare(family, rate), legend: NAME[family] }],
  });

const verdicts = (family: Family): Timeseries =>
  timeseries({
    title: `${NAME[family]}: broken paths by verdict`,
    shows:
      'Connections that stood still in their first 3 s, by what TCP had seen of their path. Over IPv6 they are ended, over IPv4 only counted.',
    good: 'a floor of `silent` (scanners), alike for both families.',
    bad: '`path_mtu`: large packets to clients vanish. `return_path`: nothing of ours arrives. `client_loss`: large packets of clients vanish. From many networks it is our side.',
    todo: 'find the networks: session records with `path` and their `client_net`. `path_mtu` with the MSS of 1220 set means a path below 1280, or an MSS that could not be set: see the log of the start.',
    unit: 'cps',
    stacked: true,
    overrides: familyShades,
    links: [toListener('timeouts', 'Time-outs of this listener'), to('timeouts', 'Time-outs and resets')],
    targets: [
      {
        expr: sum(rate(ofListener('dualpost_guard_verdicts_total', { family })), 'verdict'),
        legend: `${NAME[family]} {{verdict}}`,
      },
    ],
  });

const withdrawn = (family: Family): string =>
  REASONS.map((reason, i) => `${i + 2} * ${ofListener('dualpost_listener_withdrawn', { family, reason })}`).join(' or ');

const listeners = (family: Family): AnyPanel =>
  states({
    title: `${NAME[family]}: listeners and why they are closed`,
    shows:
      'Whether each listener takes connections, and otherwise why; of several proxies the worst. A closed port refuses clients at their first packet, so most are on the other family one round trip later.',
    good: 'open throughout.',
    bad: '`self-test`: the address or route of this machine is gone, or its name leads elsewhere. `backends`: nobody could be served. `overload`: the proxy is full. `closed`: not opened at all. Only IPv6 is ever withdrawn.',
    todo: '`dualpost family status` says more. `operator` goes by `dualpost family enable ipv6`; the rest by itself when its cause is gone, after 10 s at least, and later if it comes and goes.',
    words: {
      0: ['open', GOOD],
      1: ['closed', UNKNOWN],
      2: ['drain', NEUTRAL],
      3: ['operator', NEUTRAL],
      4: ['overload', WARN],
      5: ['backends', BAD],
      6: ['self-test', BAD],
    },
    thresholds: steps([null, GOOD], [1, BAD]),
    links: [toListener('traffic', 'Traffic of this listener')],
    targets: [
      {
        expr: `max by (listener) (1 - ${ofListener('dualpost_listener_up', { family })} or ${withdrawn(family)})`,
        legend: '{{listener}}',
      },
    ],
  });

const lost = (family: Family): string =>
  `${sum(
    `avg_over_time(${ofInstance('dualpost_half_open_connections', { family, state: 'retransmitted' })}[$__rate_interval])`,
  )} / ${SEEN_SECONDS[family]}`;

const onTheRight = (options: string, unit: string): Override => ({
  matcher: { id: 'byRegexp', options },
  properties: [
    { id: 'unit', value: unit },
    { id: 'custom.axisPlacement', value: AxisPlacement.Right },
    { id: 'custom.fillOpacity', value: 0 },
    { id: 'custom.lineWidth', value: 2 },
  ],
});

const halfOpen = (family: Family): Timeseries =>
  timeseries({
    title: `${NAME[family]}: half-open connections`,
    shows: `Clients whose SYN came and whose answer to ours did not, on all listeners; by the axis at the right an estimate of the share of attempts that are lost so. An entry that was sent again is seen for ${SEEN_SECONDS[family]} s, so the counts of the two families do not compare; the shares do.`,
    good: 'a share below 2 % over IPv6. Over IPv4 most are scanners.',
    bad: 'more over IPv6, for long: what we send does not reach these clients. A leap of both families is an attack with forged addresses.',
    todo: 'nothing at the proxy helps these clients but the rescue host. From many networks: look at our own routes and filters for outgoing IPv6.',
    unit: 'short',
    noValue: 'not counted',
    overrides: [...familyShades, onTheRight('/lost/', 'percentunit')],
    targets: [
      {
        expr: sum(ofInstance('dualpost_half_open_connections', { family }), 'state'),
        legend: `${NAME[family]} {{state}}`,
      },
      {
        expr: share(lost(family), `(${lost(family)} + ${sum(rate(ofInstance('dualpost_connections_total', { family })))})`),
        legend: `${NAME[family]} lost`,
      },
    ],
  });

const kernelUp = ofInstance('dualpost_gate_kernel_up');
const delays = ofInstance('dualpost_client_fallback_delay_seconds_bucket');
const logins = (role: string): string =>
  sum(inRange(ofListener('dualpost_logins_total', { result: 'ok', hostrole: role })));

export const ipv6: Board = {
  name: 'ipv6',
  title: 'IPv6 health and rescue',
  description: 'Does IPv6 carry its users as well as IPv4 does, what is done about it, and who needs the rescue host?',
  from: 'now-6h',
  sections: [
    {
      title: 'In the time shown',
      lines: [
        {
          height: 5,
          panels: [
            stat({
              ...TLS,
              title: 'Connections with TLS',
              unit: 'percentunit',
              noValue: 'no connections',
              thresholds: COMPLETE,
              links: [to('tls', 'TLS and certificates')],
              targets: each((family) => tlsShare(family, inRange)),
            }),
            stat({
              title: 'Kernel gate',
              shows:
                'Whether the kernel refuses networks at their first packet; of several proxies the worst. “none”: there was no kernel gate in the time shown.',
              good: 'up; or none, if you only observe.',
              bad: 'away: refused networks are reset after accept, so their users see an error and no client goes to IPv4. What the kernel refuses already it goes on to refuse.',
              todo: '`systemctl status dualpost-kernel-gate` and its log.',
              unit: 'none',
              mappings: inWords({ 0: ['none', UNKNOWN], 1: ['away', BAD], 2: ['up', GOOD] }),
              targets: [
                {
                  expr: `min(${kernelUp} + max_over_time(${kernelUp}[$__range]) > 0) or vector(0)`,
                  legend: 'kernel gate',
                },
              ],
            }),
            stat({
              title: 'Accounts to move',
              shows: 'Accounts for the rescue host (`to_rescue`), and those on it that could come back (`to_return`), of the last seven days. Each proxy counts its own.',
              good: 'few of the first; the second moved back now and then.',
              bad: 'the first grows: users whose mail does not work over IPv6 and whose clients never fall back.',
              todo: 'print `dualpost rescue report`: it names them, with the evidence.',
              unit: 'short',
              decimals: 0,
              spark: true,
              color: PALETTE,
              targets: [{ expr: sum(ofInstance('dualpost_rescue_candidates'), 'list'), legend: '{{list}}' }],
            }),
            stat({
              title: 'Logins over the rescue host',
              shows: 'Logins of clients that asked for the rescue host, of all logins in the time shown.',
              good: 'small, and falling as networks and clients get mended.',
              bad: 'grows: more users are told, or find, that the dual host fails them.',
              todo: 'look at the verdicts below for what fails them; bring back whom `dualpost rescue report` lists as returning.',
              unit: 'percentunit',
              noValue: 'no logins',
              thresholds: steps([null, GOOD], [0.05, WARN], [0.2, BAD]),
              links: [to('traffic', 'Shares by service')],
              targets: [{ expr: share(logins('rescue'), logins('~.*')), legend: 'rescue' }],
            }),
          ],
        },
      ],
    },
    {
      title: 'IPv4 beside IPv6',
      lines: [
        { height: 8, panels: pair(completed) },
        { height: 8, panels: pairOnOneScale(verdicts) },
        { height: 7, panels: pair(listeners) },
        { height: 8, panels: pair(halfOpen) },
      ],
    },
    {
      title: 'What is done about IPv6 that does not work, and what clients do',
      lines: [
        {
          height: 9,
          panels: [
            timeseries({
              title: 'Attempts from refused networks',
              shows: 'Attempts a second from networks in the set: refused by the kernel, reset after accept, or let in and counted (mode `observe`).',
              good: '`kernel` where you enforce; `observed` small, while you make up your mind.',
              bad: '`reset`: these clients see an error and do not fall back. A leap: a large network is refused, perhaps wrongly.',
              todo: '`dualpost gate list` shows which networks, `dualpost gate explain ADDRESS` why; `dualpost gate remove PREFIX` takes one out.',
              unit: 'cps',
              stacked: true,
              color: PALETTE,
              links: [to('timeouts', 'Time-outs and resets')],
              targets: [{ expr: sum(rate(ofInstance('dualpost_gate_refusals_total')), 'method'), legend: '{{method}}' }],
            }),
            timeseries({
              title: 'Networks in the set',
              shows: 'Networks that are refused, or would be, by origin; of several proxies the largest set. By the axis at the right, how many an hour are learned and forgotten.',
              good: 'few learned, and each forgotten again: with the MSS of 1220 hardly any path breaks.',
              bad: 'many learned within an hour: our own IPv6 is broken in part. Near 4,096, the oldest goes.',
              todo: 'see what is learned, and from where, in the log (“does not work”); `path_mtu` and `return_path` from many networks: look at our own line first.',
              unit: 'short',
              color: PALETTE,
              overrides: [onTheRight('/per hour/', 'short')],
              targets: [
                { expr: `max by (origin) (${ofInstance('dualpost_gate_networks')})`, legend: '{{origin}}' },
                {
                  expr: `3600 * ${sum(rate(ofInstance('dualpost_gate_learned_total')), 'verdict')}`,
                  legend: 'learned per hour: {{verdict}}',
                },
                {
                  expr: `3600 * ${sum(rate(ofInstance('dualpost_gate_forgotten_total')))}`,
                  legend: 'forgotten per hour',
                },
              ],
            }),
            timeseries({
              title: 'Fallbacks to IPv4 and their delay',
              shows: 'Accounts that failed over IPv6 and logged in over IPv4 within 3 minutes; `estimate`: known only by their network. By the axis at the right, how long after the failure.',
              good: 'few, and within a second.',
              bad: 'seconds and minutes: users wait that long for their mail. Whoever was refused by the kernel fell back at once and is not seen here.',
              todo: 'refuse these networks at the SYN: mode `enforce` with the kernel gate. Clients that take minutes belong on the rescue host.',
              unit: 'cps',
              color: PALETTE,
              overrides: [onTheRight('/delay/', 's')],
              targets: [
                { expr: sum(rate(ofListener('dualpost_client_fallbacks_total')), 'certainty'), legend: '{{certainty}}' },
                ...[0.95, 0.5].map((q) => ({ expr: quantile(q, rate(delays)), legend: `delay p${q * 100}` })),
              ],
            }),
          ],
        },
      ],
    },
  ],
};
