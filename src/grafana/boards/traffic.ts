/** The two graphs of an ISP's report, volume and messages, for each family: over a day, a week and months. */

import { AxisPlacement } from '@grafana/schema';
import { range } from '../board.js';
import type { Board, Line } from '../board.js';
import { familyShades, NAME, pair, pairOnOneScale } from '../family.js';
import { table, timeseries, to } from '../panels.js';
import type { AnyPanel, Override, Query, Timeseries } from '../panels.js';
import { inRange, ofInstance, ofListener, rate, share, sum, withProtocol } from '../queries.js';
import type { Family, Protocol } from '../queries.js';

const SPANS = [
  { timeFrom: '24h', name: 'a day' },
  { timeFrom: '7d', name: 'a week' },
  { timeFrom: '90d', name: '90 days' },
];

const MEANING = {
  good: 'the shape of days and weeks repeats itself; IPv6 is a steady or growing part.',
  bad: 'one family drops while the other does not, or a night as busy as a day.',
  todo: 'open “Overview” at that time; if sessions end early, “Time-outs and resets”.',
};

const volume = (family: Family, protocol: Protocol): string =>
  withProtocol(rate(ofListener('dualpost_bytes_total', { family })), protocol);

const accepted = (family: Family): string =>
  sum(rate(ofListener('dualpost_messages_total', { family, outcome: 'accepted' })));

/** Messages are counted on an axis of their own, at the right. */
const messagesOnTheRight: Override = {
  matcher: { id: 'byRegexp', options: '/messages/' },
  properties: [
    { id: 'unit', value: 'mps' },
    { id: 'custom.axisPlacement', value: AxisPlacement.Right },
    { id: 'custom.stacking', value: { group: 'messages', mode: 'none' } },
    { id: 'custom.fillOpacity', value: 0 },
    { id: 'custom.lineWidth', value: 2 },
  ],
};

const panel =
  (protocol: Protocol, { timeFrom, name }: (typeof SPANS)[number]) =>
  (family: Family): Timeseries => {
    const submission = protocol === 'submission';
    const directions: Query[] = [
      {
        expr: sum(volume(family, protocol), 'direction'),
        legend: `${NAME[family]} ${submission ? 'submission' : 'POP'} {{direction}}`,
      },
    ];
    return timeseries({
      ...MEANING,
      title: `${NAME[family]}: ${submission ? 'submission, volume and messages' : 'POP, volume'}, ${name}`,
      shows: submission
        ? 'Octets a second after TLS, as seen from the client side; accepted messages a second by the axis at the right. One scale for both families.'
        : 'Octets a second after TLS, as seen from the client side: sent to clients, received from them. One scale for both families.',
      unit: 'Bps',
      stacked: true,
      timeFrom,
      overrides: submission ? [familyShades, messagesOnTheRight].flat() : familyShades,
      links: [to('overview', 'Overview')],
      targets: submission
        ? [...directions, { expr: accepted(family), legend: `${NAME[family]} messages` }]
        : directions,
    });
  };

const spans = (protocol: Protocol): Line[] =>
  SPANS.map((span) => ({ height: 7, panels: pairOnOneScale(panel(protocol, span)) }));

const ownScale = (family: Family): Timeseries =>
  timeseries({
    ...MEANING,
    title: `${NAME[family]}: volume and messages, on its own scale`,
    shows:
      'POP and submission over the time of the board, each family on its own scale: the heights of the two panels do not compare, the shapes do.',
    unit: 'Bps',
    overrides: [...familyShades, messagesOnTheRight],
    links: [to('overview', 'Overview')],
    targets: [
      { expr: sum(volume(family, 'pop3')), legend: `${NAME[family]} POP` },
      { expr: sum(volume(family, 'submission')), legend: `${NAME[family]} submission` },
      { expr: accepted(family), legend: `${NAME[family]} messages` },
    ],
  });

const perService = (selector: string): string => sum(withProtocol(selector), 'service');
const connections = (labels: Record<string, string>): string =>
  perService(inRange(ofListener('dualpost_connections_total', labels)));
const messages = (labels: Record<string, string>): string =>
  perService(inRange(ofListener('dualpost_messages_total', labels)));
const sizes = (part: 'sum' | 'count'): string =>
  perService(inRange(ofListener(`dualpost_message_size_bytes_${part}`)));

const COLUMNS: { name: string; unit: string; expr: string }[] = [
  { name: 'hosts', unit: 'none', expr: `max by (service, dual, rescue, pool) (${ofInstance('dualpost_service_info', { service: '~$service' })})` },
  { name: 'connections', unit: 'short', expr: connections({}) },
  { name: 'IPv6', unit: 'percentunit', expr: share(connections({ family: 'ipv6' }), connections({})) },
  { name: 'rescue host', unit: 'percentunit', expr: share(connections({ hostrole: 'rescue' }), connections({})) },
  { name: 'messages', unit: 'short', expr: messages({}) },
  { name: 'not accepted', unit: 'percentunit', expr: share(messages({ outcome: '!accepted' }), messages({})) },
  { name: 'mean size', unit: 'bytes', expr: share(sizes('sum'), sizes('count')) },
];

const refId = (index: number): string => String.fromCharCode('A'.charCodeAt(0) + index);

function services(): AnyPanel {
  return table({
    title: 'Hosts and shares by service',
    shows: 'Each service with its hosts, and what it did in the time shown.',
    good: 'a small share of clients on the rescue host; few messages not accepted.',
    bad: 'a service whose rescue host is busier than that of the others, or whose messages are refused.',
    todo: 'choose that service above and open “Time-outs and resets”.',
    unit: 'short',
    noValue: 'none',
    overrides: COLUMNS.map(({ name, unit }) => ({
      matcher: { id: 'byName', options: name },
      properties: [{ id: 'unit', value: unit }],
    })),
    transformations: [
      { id: 'merge', options: {} },
      {
        id: 'organize',
        options: {
          excludeByName: { Time: true, 'Value #A': true },
          indexByName: {},
          renameByName: Object.fromEntries(COLUMNS.slice(1).map(({ name }, i) => [`Value #${refId(i + 1)}`, name])),
        },
      },
    ],
    targets: COLUMNS.map(({ expr }) => ({ expr })),
    sortBy: 'service',
  });
}

export const traffic: Board = {
  name: 'traffic',
  title: 'Traffic',
  description: 'Volume and messages of POP and submission, IPv4 beside IPv6, over a day, a week and months.',
  from: 'now-24h',
  links: [range('The last day', 'now-24h'), range('The last week', 'now-7d'), range('The last 90 days', 'now-90d')],
  sections: [
    { title: 'POP, both families on one scale', lines: spans('pop3') },
    { title: 'Submission, both families on one scale', lines: spans('submission') },
    { title: 'Each family on its own scale', lines: [{ height: 8, panels: pair(ownScale) }] },
    { title: 'Services', lines: [{ height: 6, panels: [services()] }] },
  ],
};
