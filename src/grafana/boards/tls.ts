/** How TLS comes about, per family, and how long certificates still hold. */

import type { Board } from '../board.js';
import { COLOUR, each, familyOverrides, familyShades, NAME, pair, pairOnOneScale } from '../family.js';
import { BAD, GOOD, WARN, heatmap, stat, steps, table, timeseries, to } from '../panels.js';
import type { AnyPanel, Meaning, Timeseries } from '../panels.js';
import { happened, inRange, ofInstance, ofListener, quantile, rate, share, sum } from '../queries.js';
import type { Family } from '../queries.js';

const DAY = 86_400;

const done = (family: Family, labels: Record<string, string> = {}): string =>
  sum(inRange(ofListener('dualpost_tls_handshakes_total', { family, ...labels })));
const failed = (family: Family): string =>
  sum(inRange(ofListener('dualpost_tls_handshake_failures_total', { family })));

const counted =
  (metric: string, by: string[], title: string, meaning: Meaning) =>
  (family: Family): Timeseries =>
    timeseries({
      ...meaning,
      title: `${NAME[family]}: ${title}`,
      unit: 'cps',
      stacked: true,
      overrides: familyShades,
      links: [to('timeouts', 'Time-outs and resets')],
      targets: [
        {
          expr: happened(ofListener(metric, { family }), ...by),
          legend: [NAME[family], ...by.map((label) => `{{${label}}}`)].join(' '),
        },
      ],
      noValue: 'none',
    });

const handshakes = counted('dualpost_tls_handshakes_total', ['version'], 'handshakes by version', {
  shows: 'Completed handshakes a second, by version of TLS.',
  good: 'TLSv1.3 above all, and the rest falling.',
  bad: 'a family whose handshakes vanish while its connections do not.',
  todo: 'look at the failures below, and at time-outs in `tls`.',
});

const failures = counted('dualpost_tls_handshake_failures_total', ['reason'], 'failed handshakes by reason', {
  shows: 'Failed handshakes a second, by reason; time-outs are counted on the board of that name.',
  good: 'a steady floor of scanners: `no_tls`, `closed`.',
  bad: '`client_alert` after a change of certificate: clients do not trust it. `no_shared_version`, `no_shared_cipher`: old clients.',
  todo: 'check the chain with `openssl s_client -4` and `-6`, for both host names.',
});

const starttls = counted('dualpost_tls_starttls_total', ['outcome'], 'STARTTLS', {
  shows: 'Sessions on listeners that wait for the client’s word to start TLS, by what became of it.',
  good: '`accepted`.',
  bad: '`injected`: something put commands before TLS began. `unused`: clients set to no encryption, or stripped of it on the way.',
  todo: 'look in the session records which networks `injected` and `unused` come from.',
});

const durations = (family: Family): AnyPanel =>
  heatmap({
    title: `${NAME[family]}: time of a handshake`,
    shows: 'From the moment TLS may begin until it is on.',
    good: 'a band below half a second, the same for both families.',
    bad: 'a second band at 1, 3 or 7 s over one family alone: packets are lost and sent again.',
    todo: 'look for a path-MTU hole: time-outs in `tls` on “Time-outs and resets”.',
    unit: 's',
    fill: COLOUR[family],
    noValue: 'no handshakes',
    targets: [
      {
        expr: sum(rate(ofListener('dualpost_tls_handshake_duration_seconds_bucket', { family })), 'le'),
        legend: '{{le}}',
      },
    ],
  });

const EXPIRY = ofInstance('dualpost_tls_certificate_not_after_timestamp_seconds');
const HOLDS = steps([null, BAD], [3 * DAY, WARN], [14 * DAY, GOOD]);
const RENEW = {
  good: 'more than 14 days, or more than a third of a shorter lifetime.',
  bad: 'less: the renewal has failed, and users will be warned, then cut off.',
  todo: 'renew, put the files in place, restart; then see the new date here.',
};

export const tls: Board = {
  name: 'tls',
  title: 'TLS and certificates',
  description: 'How TLS comes about, per family, and how long certificates still hold.',
  from: 'now-6h',
  sections: [
    {
      title: 'In the time shown',
      lines: [
        {
          height: 5,
          panels: [
            stat({
              title: 'Failed handshakes',
              shows: 'Failed handshakes, of all that ended without a time-out.',
              good: 'the same for both families, and as on other days.',
              bad: 'a leap: a certificate that clients do not trust, or a scan.',
              todo: 'see the reasons below.',
              unit: 'percentunit',
              noValue: 'no handshakes',
              thresholds: steps([null, GOOD], [0.1, WARN], [0.3, BAD]),
              targets: each((family) => share(failed(family), `(${failed(family)} + ${done(family)})`)),
            }),
            stat({
              title: 'Handshake, p95',
              shows: 'From the moment TLS may begin until it is on.',
              good: 'under half a second, the same for both families.',
              bad: 'seconds over one family alone: packets are lost on its way.',
              todo: 'see the heat maps below.',
              unit: 's',
              noValue: 'no handshakes',
              thresholds: steps([null, GOOD], [0.5, WARN], [2, BAD]),
              targets: each((family) =>
                quantile(0.95, inRange(ofListener('dualpost_tls_handshake_duration_seconds_bucket', { family }))),
              ),
            }),
            stat({
              title: 'Still TLS 1.2',
              shows: 'Handshakes with TLS 1.2, of all.',
              good: 'small and falling.',
              bad: 'large: many old clients; it says what a switch-off would cost.',
              todo: 'nothing now; ask what these clients are before TLS 1.2 is switched off.',
              unit: 'percentunit',
              noValue: 'no handshakes',
              overrides: familyOverrides,
              targets: each((family) => share(done(family, { version: 'TLSv1.2' }), done(family))),
            }),
            stat({
              ...RENEW,
              title: 'Next certificate to expire',
              shows: 'Time until the first certificate expires.',
              unit: 's',
              noValue: 'no certificate',
              thresholds: HOLDS,
              targets: [{ expr: `min(${EXPIRY}) - time()`, legend: 'expires in' }],
            }),
          ],
        },
      ],
    },
    {
      title: 'Handshakes, both families on one scale',
      lines: [
        { height: 8, panels: pairOnOneScale(handshakes) },
        { height: 8, panels: pairOnOneScale(failures) },
        { height: 8, panels: pair(durations) },
        { height: 7, panels: pairOnOneScale(starttls) },
      ],
    },
    {
      title: 'Resumption and certificates',
      lines: [
        {
          height: 8,
          panels: [
            timeseries({
              title: 'Resumed handshakes',
              shows: 'Handshakes that continued an earlier session, of all.',
              good: 'a steady share: clients that poll often save time and us computing.',
              bad: 'falls to 0 after a change, or for one family.',
              todo: 'after a restart it recovers by itself; behind a balancer, keep a client at one proxy.',
              unit: 'percentunit',
              max: 1,
              noValue: 'no handshakes',
              overrides: familyOverrides,
              links: [to('traffic', 'Traffic')],
              targets: each((family) => {
                const all = { family };
                return share(
                  sum(rate(ofListener('dualpost_tls_handshakes_total', { ...all, resumed: 'yes' }))),
                  sum(rate(ofListener('dualpost_tls_handshakes_total', all))),
                );
              }),
            }),
            table({
              ...RENEW,
              title: 'Certificates',
              shows: 'When each certificate expires, at each proxy; the soonest first.',
              unit: 's',
              noValue: 'no certificate',
              thresholds: HOLDS,
              overrides: [
                {
                  matcher: { id: 'byName', options: 'expires in' },
                  properties: [{ id: 'custom.cellOptions', value: { type: 'color-text' } }],
                },
              ],
              transformations: [
                {
                  id: 'organize',
                  options: {
                    excludeByName: { Time: true },
                    indexByName: {},
                    renameByName: { Value: 'expires in' },
                  },
                },
              ],
              targets: [{ expr: `min by (certificate, instance) (${EXPIRY}) - time()` }],
              sortBy: 'expires in',
            }),
          ],
        },
      ],
    },
  ],
};
