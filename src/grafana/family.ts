/** What makes panels of the two families a pair: place, colour and scale. */

import { FieldColorModeId, StackingMode, VisibilityMode } from '@grafana/schema';
import type { Override, Query, Target, Timeseries } from './panels.js';
import type { Family } from './queries.js';

/** A pair that people with any kind of colour vision tell apart (Okabe and Ito). */
export const COLOUR: Record<Family, string> = { ipv4: '#0072B2', ipv6: '#E69F00' };

export const NAME: Record<Family, string> = { ipv4: 'IPv4', ipv6: 'IPv6' };

export const FAMILIES: Family[] = ['ipv4', 'ipv6'];

/** One query for each family, for panels that show both. */
export const each = (expr: (family: Family) => string): Query[] =>
  FAMILIES.map((family) => ({ expr: expr(family), legend: NAME[family] }));

const coloured = (mode: FieldColorModeId): Override[] =>
  FAMILIES.map((family) => ({
    matcher: { id: 'byRegexp', options: `/\\b${family}\\b/i` },
    properties: [{ id: 'color', value: { mode, fixedColor: COLOUR[family] } }],
  }));

/** The colour of a series follows from its name, which begins with the family. */
export const familyOverrides: Override[] = coloured(FieldColorModeId.Fixed);

/** The same where a family has several series: shades of its colour. */
export const familyShades: Override[] = coloured(FieldColorModeId.Shades);

/** IPv4 left, IPv6 right, each on its own scale. */
export function pair<P>(panel: (family: Family) => P): [P, P] {
  return [panel('ipv4'), panel('ipv6')];
}

/**
 * IPv4 left, IPv6 right, on one scale. Grafana has no shared axis, but scales an axis by all series of a panel that it
 * draws: so each panel also draws the other's series, without a line, a fill, a point, a legend or a tooltip.
 */
export function pairOnOneScale(panel: (family: Family) => Timeseries): [Timeseries, Timeseries] {
  const [left, right] = pair(panel);
  return [withGhosts(left, right), withGhosts(right, left)];
}

function withGhosts(panel: Timeseries, other: Timeseries): Timeseries {
  const ghosts: Target[] = other.targets.map((target) => ({ ...target, refId: `Other${target.refId}` }));
  const stacking = panel.fieldConfig.defaults.custom?.stacking?.mode ?? StackingMode.None;
  return {
    ...panel,
    targets: [...panel.targets, ...ghosts],
    fieldConfig: {
      ...panel.fieldConfig,
      overrides: [...panel.fieldConfig.overrides, ...ghosts.map((ghost) => unseen(ghost.refId, stacking))],
    },
  };
}

function unseen(refId: string, stacking: StackingMode): Override {
  return {
    matcher: { id: 'byFrameRefID', options: refId },
    properties: [
      { id: 'color', value: { mode: FieldColorModeId.Fixed, fixedColor: 'transparent' } },
      { id: 'custom.lineWidth', value: 0 },
      { id: 'custom.fillOpacity', value: 0 },
      { id: 'custom.showPoints', value: VisibilityMode.Never },
      // Stacked on each other as in their own panel, but not on the series that are seen.
      { id: 'custom.stacking', value: { group: 'other', mode: stacking } },
      { id: 'custom.hideFrom', value: { legend: true, tooltip: true, viz: false } },
    ],
  };
}
