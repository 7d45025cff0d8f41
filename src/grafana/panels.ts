/** Small builders of panels, typed with Grafana's own schema. Place and number come from the board. */

import {
  AxisPlacement,
  BarGaugeDisplayMode,
  BarGaugeNamePlacement,
  BarGaugeSizing,
  BarGaugeValueMode,
  BigValueColorMode,
  BigValueGraphMode,
  BigValueJustifyMode,
  BigValueTextMode,
  FieldColorModeId,
  GraphDrawStyle,
  GraphThresholdsStyleMode,
  HeatmapCellLayout,
  LegendDisplayMode,
  MappingType,
  PercentChangeColorMode,
  ScaleDistribution,
  SortOrder,
  StackingMode,
  TableCellHeight,
  ThresholdsMode,
  TooltipDisplayMode,
  VisibilityMode,
  VizOrientation,
} from '@grafana/schema';
import type {
  DataQuery,
  DataSourceRef,
  DataTransformerConfig,
  FieldColor,
  FieldConfig,
  FieldConfigSource,
  GraphFieldConfig,
  Panel,
  ReduceDataOptions,
  StackingConfig,
  TableFieldOptions,
  Threshold,
  ValueMapping,
} from '@grafana/schema';
import type { Options as BarGaugeOptions } from '@grafana/schema/dist/esm/raw/composable/bargauge/panelcfg/x/BarGaugePanelCfg_types.gen';
import type {
  FieldConfig as HeatmapFieldConfig,
  Options as HeatmapOptions,
} from '@grafana/schema/dist/esm/raw/composable/heatmap/panelcfg/x/HeatmapPanelCfg_types.gen';
import type { Options as StatOptions } from '@grafana/schema/dist/esm/raw/composable/stat/panelcfg/x/StatPanelCfg_types.gen';
import type {
  FieldConfig as StateTimelineFieldConfig,
  Options as StateTimelineOptions,
} from '@grafana/schema/dist/esm/raw/composable/statetimeline/panelcfg/x/StateTimelinePanelCfg_types.gen';
import type { Options as TableOptions } from '@grafana/schema/dist/esm/raw/composable/table/panelcfg/x/TablePanelCfg_types.gen';
import type { Options as TimeSeriesOptions } from '@grafana/schema/dist/esm/raw/composable/timeseries/panelcfg/x/TimeSeriesPanelCfg_types.gen';

export const DATASOURCE: DataSourceRef = { type: 'prometheus', uid: '${datasource}' };

/** Colours with a meaning; told apart by people with any kind of colour vision. */
export const GOOD = '#009E73';
export const WARN = '#F0E442';
export const BAD = '#D55E00';
export const NEUTRAL = '#56B4E9';

/** A query, as the Prometheus data source keeps it; the schema package has no type for it. */
export type Target = DataQuery & Record<string, unknown> & {
  refId: string;
  expr: string;
  editorMode: 'code';
  format: 'time_series' | 'table' | 'heatmap';
  instant: boolean;
  range: boolean;
  legendFormat: string;
  interval?: string;
};

export type Override = FieldConfigSource['overrides'][number];

/** Every panel says what it shows, what is good, what is bad and what to do. */
export interface Meaning {
  shows: string;
  good: string;
  bad: string;
  todo: string;
}

/** A panel without number and place. */
export interface Made<O, C> extends Omit<Panel, 'fieldConfig' | 'options' | 'targets'> {
  title: string;
  targets: Target[];
  options: O & Record<string, unknown>;
  fieldConfig: FieldConfigSource<C & Record<string, unknown>>;
}
export type Timeseries = Made<TimeSeriesOptions, GraphFieldConfig>;
/** A board holds panels of all kinds. */
export type AnyPanel = Made<object, object>;

interface Link {
  title: string;
  url: string;
}

interface Common extends Meaning {
  title: string;
  unit: string;
  noValue?: string;
  /** From good to bad or the other way round; the first holds for all below the second. */
  thresholds?: Threshold[];
  color?: FieldColor;
  min?: number;
  max?: number;
  decimals?: number;
  mappings?: ValueMapping[];
  overrides?: Override[];
  links?: Link[];
  targets: Query[];
  /** The panel's own time instead of the board's, such as `7d`. */
  timeFrom?: string;
  transformations?: DataTransformerConfig[];
}

/** A query and the name of its series. */
export interface Query {
  expr: string;
  legend?: string;
  interval?: string;
}

/** Keeps time and variables on the way to another board. */
export function to(board: string, title: string): Link {
  return { title, url: `/d/dualpost-${board}?\${__url_time_range}&\${__all_variables}` };
}

/** The same for the listener under the pointer alone. */
export function toListener(board: string, title: string): Link {
  const kept = ['datasource', 'job', 'instance'].map((name) => `\${${name}:queryparam}`).join('&');
  return {
    title,
    url: `/d/dualpost-${board}?\${__url_time_range}&${kept}&var-listener=\${__field.labels.listener}`,
  };
}

export const steps = (...all: [number | null, string][]): Threshold[] =>
  all.map(([value, color]) => ({ value, color }));

const PLAIN = steps([null, NEUTRAL]);

const fixed = (fixedColor: string): FieldColor => ({ mode: FieldColorModeId.Fixed, fixedColor });
const byThresholds: FieldColor = { mode: FieldColorModeId.Thresholds };

/** Several series of one family: shades of its colour. */
export const shades = (fixedColor: string): FieldColor => ({ mode: FieldColorModeId.Shades, fixedColor });
/** Series that are no family's: colours of Grafana's choice. */
export const PALETTE: FieldColor = { mode: FieldColorModeId.PaletteClassic };
export { fixed };

function made<O, C>(
  type: string,
  common: Common,
  how: Pick<Target, 'format' | 'instant'>,
  options: O,
  custom: C,
): Made<O, C> {
  const defaults: FieldConfig<C & Record<string, unknown>> = {
    unit: common.unit,
    noValue: common.noValue ?? 'no data',
    color: common.color ?? byThresholds,
    mappings: common.mappings ?? [],
    thresholds: { mode: ThresholdsMode.Absolute, steps: common.thresholds ?? PLAIN },
    custom: custom as C & Record<string, unknown>,
    ...(common.min === undefined ? {} : { min: common.min }),
    ...(common.max === undefined ? {} : { max: common.max }),
    ...(common.decimals === undefined ? {} : { decimals: common.decimals }),
    ...(common.links === undefined ? {} : { links: common.links.map((link) => ({ ...link, targetBlank: false })) }),
  };
  return {
    type,
    title: common.title,
    description: [
      common.shows,
      `**Good:** ${common.good}`,
      `**Bad:** ${common.bad}`,
      `**To do:** ${common.todo}`,
    ].join('\n\n'),
    datasource: DATASOURCE,
    ...(common.timeFrom === undefined ? {} : { timeFrom: common.timeFrom }),
    ...(common.transformations === undefined ? {} : { transformations: common.transformations }),
    fieldConfig: { defaults, overrides: common.overrides ?? [] },
    options: options as O & Record<string, unknown>,
    targets: common.targets.map((query, i) => ({
      refId: String.fromCharCode('A'.charCodeAt(0) + i),
      datasource: DATASOURCE,
      editorMode: 'code',
      expr: query.expr,
      legendFormat: query.legend ?? '__auto',
      range: !how.instant,
      ...how,
      ...(query.interval === undefined ? {} : { interval: query.interval }),
    })),
  };
}

const reduce = (calc: string): ReduceDataOptions => ({ calcs: [calc], fields: '', values: false });

/** One number; with `spark`, its course behind it. */
export function stat(common: Common & { spark?: boolean }): AnyPanel {
  const options: StatOptions = {
    colorMode: BigValueColorMode.Value,
    graphMode: common.spark ? BigValueGraphMode.Area : BigValueGraphMode.None,
    justifyMode: BigValueJustifyMode.Auto,
    orientation: VizOrientation.Auto,
    percentChangeColorMode: PercentChangeColorMode.Standard,
    reduceOptions: reduce('lastNotNull'),
    showPercentChange: false,
    textMode: BigValueTextMode.Auto,
    wideLayout: true,
  };
  return made('stat', common, { format: 'time_series', instant: !common.spark }, options, {});
}

interface Lines extends Common {
  stacked?: boolean;
  bars?: boolean;
  /** Draws the thresholds as lines. */
  showThresholds?: boolean;
  softMax?: number;
}

/** Curves over time, legend as a table. */
export function timeseries(common: Lines): Timeseries {
  const stacking: StackingConfig = {
    group: 'A',
    mode: common.stacked ? StackingMode.Normal : StackingMode.None,
  };
  const custom: GraphFieldConfig = {
    drawStyle: common.bars ? GraphDrawStyle.Bars : GraphDrawStyle.Line,
    lineWidth: common.bars ? 0 : 1,
    fillOpacity: common.bars ? 80 : common.stacked ? 40 : 10,
    showPoints: VisibilityMode.Auto,
    pointSize: 4,
    spanNulls: false,
    axisPlacement: AxisPlacement.Auto,
    stacking,
    hideFrom: { legend: false, tooltip: false, viz: false },
    thresholdsStyle: { mode: common.showThresholds ? GraphThresholdsStyleMode.Dashed : GraphThresholdsStyleMode.Off },
    ...(common.softMax === undefined ? {} : { axisSoftMax: common.softMax }),
  };
  const options: TimeSeriesOptions = {
    legend: {
      calcs: ['mean', 'max', 'lastNotNull'],
      displayMode: LegendDisplayMode.Table,
      placement: 'bottom',
      showLegend: true,
      sortBy: 'Mean',
      sortDesc: true,
    },
    tooltip: { mode: TooltipDisplayMode.Multi, sort: SortOrder.Descending },
  };
  return made('timeseries', { min: 0, ...common }, { format: 'time_series', instant: false }, options, custom);
}

/** One bar for each series. */
export function bargauge(common: Common): AnyPanel {
  const options: BarGaugeOptions = {
    displayMode: BarGaugeDisplayMode.Basic,
    legend: { calcs: [], displayMode: LegendDisplayMode.List, placement: 'bottom', showLegend: false },
    maxVizHeight: 60,
    minVizHeight: 16,
    minVizWidth: 8,
    namePlacement: BarGaugeNamePlacement.Left,
    orientation: VizOrientation.Horizontal,
    reduceOptions: reduce('lastNotNull'),
    showUnfilled: true,
    sizing: BarGaugeSizing.Auto,
    valueMode: BarGaugeValueMode.Color,
  };
  return made('bargauge', { min: 0, ...common }, { format: 'time_series', instant: true }, options, {});
}

/** What a value stands for: word and colour. */
export type Words = Record<string, [text: string, color: string]>;

/** A value's word, because colours alone do not reach everybody. */
export const inWords = (words: Words): ValueMapping[] => [
  {
    type: MappingType.ValueToText,
    options: Object.fromEntries(
      Object.entries(words).map(([value, [text, color]], index) => [value, { text, color, index }]),
    ),
  },
];

export const UNKNOWN = '#999999';

/** Up or down over time. */
export function upDown(common: Omit<Common, 'unit' | 'mappings'> & { mayLackAddress?: boolean }): AnyPanel {
  return states({
    ...common,
    thresholds: steps([null, BAD], [1, GOOD]),
    words: {
      0: ['down', BAD],
      1: ['up', GOOD],
      ...(common.mayLackAddress ? { '-1': ['no address', UNKNOWN] } : {}),
    },
  });
}

/** One of several states over time. */
export function states(common: Omit<Common, 'unit' | 'mappings'> & { words: Words }): AnyPanel {
  const custom: StateTimelineFieldConfig = { fillOpacity: 70, lineWidth: 0 };
  const options: StateTimelineOptions = {
    alignValue: 'left',
    legend: { calcs: [], displayMode: LegendDisplayMode.List, placement: 'bottom', showLegend: false },
    mergeValues: true,
    rowHeight: 0.8,
    showValue: VisibilityMode.Auto,
    tooltip: { mode: TooltipDisplayMode.Single, sort: SortOrder.None },
  };
  return made(
    'state-timeline',
    { ...common, unit: 'none', mappings: inWords(common.words) },
    { format: 'time_series', instant: false },
    options,
    custom,
  );
}

/** Where the times of a histogram lie, from moment to moment. */
export function heatmap(common: Common & { fill: string }): AnyPanel {
  const { unit } = common;
  const options: HeatmapOptions = {
    calculate: false,
    cellGap: 1,
    cellValues: { unit: 'short' },
    color: {
      exponent: 0.5,
      fill: common.fill,
      mode: 'opacity' as NonNullable<HeatmapOptions['color']['mode']>,
      reverse: false,
      scale: 'exponential' as NonNullable<HeatmapOptions['color']['scale']>,
      scheme: 'Oranges',
      steps: 64,
    },
    exemplars: { color: BAD },
    filterValues: { le: 1e-9 },
    legend: { show: true },
    rowsFrame: { layout: HeatmapCellLayout.auto },
    showValue: VisibilityMode.Never,
    tooltip: { mode: TooltipDisplayMode.Single, yHistogram: false, showColorScale: false },
    yAxis: { axisPlacement: AxisPlacement.Left, reverse: false, unit },
  };
  const custom: HeatmapFieldConfig = {
    hideFrom: { legend: false, tooltip: false, viz: false },
    scaleDistribution: { type: ScaleDistribution.Linear },
  };
  return made('heatmap', common, { format: 'heatmap', instant: false }, options, custom);
}

/** Rows of labels and values. */
export function table(common: Common & { sortBy?: string; descending?: boolean }): AnyPanel {
  const custom: TableFieldOptions = {
    align: 'auto',
    cellOptions: { type: 'auto' } as TableFieldOptions['cellOptions'],
    inspect: false,
  };
  const options: TableOptions = {
    cellHeight: TableCellHeight.Sm,
    frameIndex: 0,
    showHeader: true,
    ...(common.sortBy === undefined
      ? {}
      : { sortBy: [{ displayName: common.sortBy, desc: common.descending ?? false }] }),
  };
  return made('table', common, { format: 'table', instant: true }, options, custom);
}
