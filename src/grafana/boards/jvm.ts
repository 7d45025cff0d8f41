/** Whether the proxy itself has what it needs: event loops, memory, processors, descriptors. */

import type { Board } from '../board.js';
import { BAD, GOOD, PALETTE, WARN, stat, steps, timeseries, to } from '../panels.js';
import type { Meaning, Query, Timeseries } from '../panels.js';
import { happened, inRange, ofInstance, quantile, rate, share, sum } from '../queries.js';

const delay = ofInstance('dualpost_eventloop_delay_seconds_bucket');
const LATE = steps([null, GOOD], [0.05, WARN], [0.5, BAD]);

/** Curves, each with the name of its instance. */
const course = (title: string, unit: string, meaning: Meaning, targets: Query[], more = {}): Timeseries =>
  timeseries({ ...meaning, title, unit, targets, color: PALETTE, links: [to('overview', 'Overview')], ...more });

const LATENESS: Meaning = {
  shows: 'How late a timer of an event loop is: all sessions of that loop wait as long.',
  good: 'below 10 ms.',
  bad: 'above 0.5 s: a loop is blocked, the processors are busy elsewhere, or memory is collected for long.',
  todo: 'compare with processors and collections below; take a thread dump (`jcmd PID Thread.print`) while it lasts.',
};

export const jvm: Board = {
  name: 'jvm',
  title: 'JVM and Netty',
  description: 'Whether the proxy itself has what it needs: event loops, memory, processors, descriptors.',
  from: 'now-6h',
  hideListeners: true,
  sections: [
    {
      title: 'Now',
      lines: [
        {
          height: 5,
          panels: [
            stat({
              title: 'Running since',
              shows: 'Time since the proxy that was started last began to run.',
              good: 'as long as nobody restarted it.',
              bad: 'minutes, and nobody did: it died and was started again.',
              todo: 'read the end of the log before the start.',
              unit: 's',
              thresholds: steps([null, WARN], [600, GOOD]),
              targets: [{ expr: `time() - max(${ofInstance('dualpost_start_time_seconds')})`, legend: 'youngest' }],
            }),
            stat({
              ...LATENESS,
              title: 'Event loops late, p99',
              unit: 's',
              thresholds: LATE,
              targets: [{ expr: quantile(0.99, inRange(delay)), legend: 'p99' }],
            }),
            stat({
              title: 'Internal errors',
              shows: 'Faults of the proxy itself in the time shown.',
              good: '0.',
              bad: 'any other number.',
              todo: 'take the stack trace from the log and report it.',
              unit: 'short',
              decimals: 0,
              thresholds: steps([null, GOOD], [0.5, BAD]),
              targets: [{ expr: sum(inRange(ofInstance('dualpost_internal_errors_total'))), legend: 'errors' }],
            }),
            stat({
              title: 'Log lines dropped',
              shows: 'Lines that never reached the log in the time shown: its queue was full, or the file could not be written.',
              good: '0.',
              bad: 'any other number: session records are missing.',
              todo: 'look at the disk; lower the log level.',
              unit: 'short',
              decimals: 0,
              thresholds: steps([null, GOOD], [0.5, BAD]),
              targets: [{ expr: sum(inRange(ofInstance('dualpost_log_dropped_total'))), legend: 'lines' }],
            }),
          ],
        },
      ],
    },
    {
      title: 'Netty',
      lines: [
        {
          height: 8,
          panels: [
            course(
              'Event loops late',
              's',
              LATENESS,
              [0.99, 0.5].map((q) => ({
                expr: quantile(q, rate(delay), 'instance'),
                legend: `{{instance}} p${q * 100}`,
              })),
              { thresholds: LATE, showThresholds: true, softMax: 0.1 },
            ),
            course(
              'Tasks that wait on event loops',
              'short',
              {
                shows: 'Work handed to event loops that they have not begun.',
                good: 'near 0.',
                bad: 'grows without falling again: loops are blocked or overloaded.',
                todo: 'read it together with their delay; add processors or proxies.',
              },
              [{ expr: sum(ofInstance('dualpost_eventloop_pending_tasks'), 'instance'), legend: '{{instance}}' }],
            ),
            course(
              'Network buffers',
              'bytes',
              {
                shows: 'Memory held for network buffers, by kind.',
                good: 'follows open sessions, and falls with them.',
                bad: 'direct memory that only grows: a leak, or clients that do not read.',
                todo: 'search the log for `LEAK`; compare with open sessions on the overview.',
              },
              [{ expr: sum(ofInstance('dualpost_buffer_memory_bytes'), 'instance', 'kind'), legend: '{{instance}} {{kind}}' }],
            ),
          ],
        },
      ],
    },
    {
      title: 'Java and the process',
      lines: [
        {
          height: 8,
          panels: [
            course(
              'Processors',
              'short',
              {
                shows: 'Processors in use by the process.',
                good: 'below two thirds of what the machine has.',
                bad: 'all of them: handshakes queue up, and every session is late.',
                todo: 'see on the TLS board whether handshakes leapt; add processors or proxies.',
              },
              [{ expr: sum(rate(ofInstance('process_cpu_seconds_total')), 'instance'), legend: '{{instance}}' }],
            ),
            course(
              'Heap',
              'percentunit',
              {
                shows: 'Java heap in use, of as much as it may take.',
                good: 'a saw whose lower teeth stay level.',
                bad: 'lower teeth that rise towards 100 %.',
                todo: 'raise `-Xmx`; if it goes on, take a heap dump (`jcmd PID GC.heap_dump`) and report it.',
              },
              [
                {
                  expr: share(
                    sum(ofInstance('jvm_memory_used_bytes', { area: 'heap' }), 'instance'),
                    sum(ofInstance('jvm_memory_max_bytes', { area: 'heap' }), 'instance'),
                  ),
                  legend: '{{instance}}',
                },
              ],
              { max: 1, thresholds: steps([null, GOOD], [0.8, WARN], [0.95, BAD]), showThresholds: true },
            ),
            course(
              'Time in collections',
              'percentunit',
              {
                shows: 'Share of time that the collectors of the Java machine worked.',
                good: 'below 1 %.',
                bad: 'above 5 %: the heap is too small for the sessions.',
                todo: 'see the heap, beside; raise `-Xmx`.',
              },
              [
                {
                  expr: sum(rate(ofInstance('jvm_gc_collection_seconds_sum')), 'instance', 'gc'),
                  legend: '{{instance}} {{gc}}',
                },
              ],
            ),
          ],
        },
        {
          height: 8,
          panels: [
            course(
              'Descriptors',
              'percentunit',
              {
                shows: 'Open descriptors, of as many as the process may open. A session takes two.',
                good: 'below two thirds at the busiest hour.',
                bad: 'near 100 %: connections cannot be accepted any more.',
                todo: 'raise `LimitNOFILE` of the service.',
              },
              [
                {
                  expr: share(
                    sum(ofInstance('process_open_fds'), 'instance'),
                    sum(ofInstance('process_max_fds'), 'instance'),
                  ),
                  legend: '{{instance}}',
                },
              ],
              { max: 1, thresholds: steps([null, GOOD], [0.7, WARN], [0.9, BAD]), showThresholds: true },
            ),
            course(
              'Threads',
              'short',
              {
                shows: 'Threads of the Java machine.',
                good: 'level: sessions take none of their own.',
                bad: 'grows with time.',
                todo: 'take a thread dump and report it.',
              },
              [{ expr: sum(ofInstance('jvm_threads_current'), 'instance'), legend: '{{instance}}' }],
            ),
            course(
              'Tables',
              'short',
              {
                shows: 'Entries of tables that grow with clients, such as networks that have sessions.',
                good: 'follows open sessions.',
                bad: 'grows without falling at night.',
                todo: 'report it; a restart empties them.',
              },
              [{ expr: sum(ofInstance('dualpost_table_entries'), 'instance', 'table'), legend: '{{instance}} {{table}}' }],
            ),
          ],
        },
      ],
    },
    {
      title: 'Log and admin listener',
      lines: [
        {
          height: 7,
          panels: [
            course(
              'Log lines by level',
              'cps',
              {
                shows: 'Lines for the log a second, session records included.',
                good: '`info` follows the sessions; no `error`.',
                bad: '`error`, or `warn` that does not stop.',
                todo: 'read them.',
              },
              [{ expr: happened(ofInstance('dualpost_log_events_total'), 'instance', 'level'), legend: '{{instance}} {{level}}' }],
              { noValue: 'none' },
            ),
            course(
              'Requests to the admin listener',
              'reqps',
              {
                shows: 'Requests for metrics and health, by what was asked and how it was answered.',
                good: '`2xx` at the pace of the scrapes and probes.',
                bad: '`5xx` of `ready`: not ready. `4xx`: somebody asks who should not.',
                todo: 'ask `/ready` for its reasons.',
              },
              [
                {
                  expr: happened(ofInstance('dualpost_http_requests_total'), 'instance', 'handler', 'code'),
                  legend: '{{instance}} {{handler}} {{code}}',
                },
              ],
              { noValue: 'none' },
            ),
          ],
        },
      ],
    },
  ],
};
