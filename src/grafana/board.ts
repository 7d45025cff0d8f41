/** What all boards share: variables, annotations, links, and the grid. */

import { DashboardCursorSync, VariableHide, VariableRefresh, VariableSort } from '@grafana/schema';
import type { AnnotationQuery, Dashboard, DashboardLink, Panel, RowPanel, VariableModel } from '@grafana/schema';
import { BAD, DATASOURCE, NEUTRAL, WARN } from './panels.js';
import type { AnyPanel, Timeseries } from './panels.js';
import { ofInstance, ofListener } from './queries.js';

/** Panels side by side that share the 24 columns, each by an equal part or as `widths` says. */
export interface Line {
  height: number;
  panels: (AnyPanel | Timeseries)[];
  widths?: number[];
}

export interface Section {
  title: string;
  lines: Line[];
}

export interface Board {
  name: string;
  title: string;
  description: string;
  from: string;
  sections: Section[];
  /** Variables of this board alone. */
  more?: VariableModel[];
  /** Whether service and listener mean nothing here; they are kept for the way to other boards. */
  hideListeners?: boolean;
  links?: DashboardLink[];
}

export function labelValues(
  name: string,
  label: string,
  series: string,
  description: string,
  hide = VariableHide.dontHide,
): VariableModel {
  return {
    name,
    label,
    type: 'query',
    description,
    datasource: DATASOURCE,
    query: { query: `label_values(${series}, ${name})`, refId: `Variable-${name}` },
    refresh: VariableRefresh.onTimeRangeChanged,
    sort: VariableSort.naturalAsc,
    multi: true,
    includeAll: true,
    current: { selected: true, text: ['All'], value: ['$__all'] },
    hide,
  };
}

function variables(board: Board): VariableModel[] {
  const hide = board.hideListeners ? VariableHide.hideVariable : VariableHide.dontHide;
  return [
    {
      name: 'datasource',
      label: 'Data source',
      type: 'datasource',
      query: 'prometheus',
      description: 'The Prometheus that scrapes Dualpost.',
      current: { selected: false, text: 'default', value: 'default' },
      refresh: VariableRefresh.onDashboardLoad,
      hide: VariableHide.dontHide,
    },
    labelValues('job', 'Job', 'dualpost_build_info', 'The job in the scrape configuration.'),
    labelValues('instance', 'Instance', 'dualpost_build_info{job=~"$job"}', 'One or more proxies.'),
    labelValues(
      'service',
      'Service',
      'dualpost_listener_info{job=~"$job",instance=~"$instance"}',
      'A service of the configuration.',
      hide,
    ),
    labelValues(
      'listener',
      'Listener',
      'dualpost_listener_info{job=~"$job",instance=~"$instance",service=~"$service"}',
      'A listener of these services: service and port.',
      hide,
    ),
    ...(board.more ?? []),
  ];
}

/** An annotation as the Prometheus data source keeps it; all versions of Grafana read these fields. */
interface Annotation extends AnnotationQuery {
  expr: string;
  step: string;
  titleFormat: string;
  textFormat: string;
  tagKeys: string;
}

function annotation(name: string, iconColor: string, expr: string, textFormat: string): Annotation {
  return {
    name,
    iconColor,
    expr,
    textFormat,
    datasource: DATASOURCE,
    enable: true,
    hide: false,
    step: '60s',
    titleFormat: name,
    tagKeys: 'instance',
  };
}

function annotations(): AnnotationQuery[] {
  const config = ofInstance('dualpost_config_info');
  const ipv6 = ofListener('dualpost_listener_up', { family: 'ipv6' });
  return [
    {
      builtIn: 1,
      datasource: { type: 'grafana', uid: '-- Grafana --' },
      enable: true,
      hide: true,
      iconColor: NEUTRAL,
      name: 'Annotations & Alerts',
      type: 'dashboard',
    },
    annotation(
      'Restart',
      NEUTRAL,
      `changes(${ofInstance('dualpost_start_time_seconds')}[2m]) > 0`,
      '{{instance}} was started',
    ),
    annotation(
      'Configuration changed',
      WARN,
      // A hash that was not there before, at an instance that was.
      `(${config} unless ${config} offset 2m) and on (job, instance) ${config} offset 2m`,
      '{{instance}} runs configuration {{hash}}',
    ),
    annotation(
      'IPv6 withdrawn',
      BAD,
      `(1 - ${ipv6}) * max_over_time(${ipv6}[2m]) > 0`,
      '{{listener}} of {{instance}} no longer accepts IPv6',
    ),
    annotation('Draining', WARN, `${ofInstance('dualpost_draining')} > 0`, '{{instance}} is stopping'),
  ];
}

export function range(title: string, from: string): DashboardLink {
  return {
    type: 'link',
    title,
    url: `?from=${from}&to=now`,
    icon: 'time',
    tooltip: `Show ${title.toLowerCase()}`,
    tags: [],
    asDropdown: false,
    includeVars: true,
    keepTime: false,
    targetBlank: false,
  };
}

const family: DashboardLink = {
  type: 'dashboards',
  title: 'Dualpost',
  icon: 'dashboard',
  tooltip: 'The other boards, with the same variables and time',
  tags: ['dualpost'],
  asDropdown: false,
  includeVars: true,
  keepTime: true,
  targetBlank: false,
};

function placed(sections: Section[]): (Panel | RowPanel)[] {
  const all: (Panel | RowPanel)[] = [];
  let id = 1;
  let y = 0;
  for (const section of sections) {
    all.push({
      id: id++,
      type: 'row',
      title: section.title,
      collapsed: false,
      gridPos: { x: 0, y: y++, w: 24, h: 1 },
      panels: [],
    });
    for (const line of section.lines) {
      const widths = line.widths ?? line.panels.map(() => 24 / line.panels.length);
      let x = 0;
      line.panels.forEach((panel, i) => {
        const w = widths[i] ?? 0;
        all.push({ id: id++, gridPos: { x, y, w, h: line.height }, ...panel } as Panel);
        x += w;
      });
      if (x !== 24) {
        throw new Error(`${section.title}: a line of ${x} columns (expected: 24)`);
      }
      y += line.height;
    }
  }
  return all;
}

export function dashboard(board: Board): Dashboard {
  return {
    id: null,
    uid: `dualpost-${board.name}`,
    title: `Dualpost: ${board.title}`,
    description: board.description,
    tags: ['dualpost'],
    schemaVersion: 39,
    version: 1,
    editable: false,
    graphTooltip: DashboardCursorSync.Crosshair,
    timezone: 'browser',
    refresh: '30s',
    time: { from: board.from, to: 'now' },
    timepicker: {},
    fiscalYearStartMonth: 0,
    weekStart: '',
    links: [family, ...(board.links ?? [])],
    annotations: { list: annotations() },
    templating: { list: variables(board) },
    panels: placed(board.sections),
  };
}
