/** What a panel says about one series: its defaults and every override that matches. */

export const PALETTE = ['#56B4E9', '#009E73', '#CC79A7', '#D55E00', '#0072B2', '#E69F00', '#8C6BB1', '#999999'];

function matches(matcher, series) {
  switch (matcher.id) {
    case 'byName':
      return series.name === matcher.options;
    case 'byRegexp': {
      const [, body, flags] = /^\/(.*)\/(\w*)$/.exec(matcher.options) ?? [null, matcher.options, ''];
      return new RegExp(body, flags).test(series.name);
    }
    case 'byFrameRefID':
      return series.refId === matcher.options;
    case 'byType':
      return matcher.options === 'number';
    default:
      throw new Error(`matcher ${matcher.id} (expected: one that the preview knows)`);
  }
}

export function fieldOf(panel, series) {
  const field = structuredClone(panel.fieldConfig?.defaults ?? {});
  field.custom ??= {};
  for (const override of panel.fieldConfig?.overrides ?? []) {
    if (matches(override.matcher, series)) {
      for (const { id, value } of override.properties) {
        if (id.startsWith('custom.')) {
          field.custom[id.slice('custom.'.length)] = value;
        } else {
          field[id] = value;
        }
      }
    }
  }
  return field;
}

export function byThreshold(field, value) {
  let color = '#73777c';
  for (const step of field.thresholds?.steps ?? []) {
    if (step.value === null || value >= step.value) {
      color = step.color;
    }
  }
  return color;
}

function shade(color, index) {
  const part = [0, 0.35, -0.35, 0.6, -0.55, 0.2, -0.2, 0.75][index % 8];
  const towards = part > 0 ? 255 : 0;
  const [r, g, b] = [1, 3, 5].map((at) => {
    const base = parseInt(color.slice(at, at + 2), 16);
    return Math.round(base + (towards - base) * Math.abs(part));
  });
  return `rgb(${r}, ${g}, ${b})`;
}

/** The colour of a series whose value is this, the index-th of those that are seen. */
export function colorOf(field, value, index) {
  const mapped = (field.mappings ?? []).find((mapping) => mapping.type === 'value' && String(value) in mapping.options);
  if (mapped?.options[String(value)].color) {
    return mapped.options[String(value)].color;
  }
  switch (field.color?.mode) {
    case 'fixed':
      return field.color.fixedColor;
    case 'shades':
      return shade(field.color.fixedColor, index);
    case 'palette-classic':
      return PALETTE[index % PALETTE.length];
    default:
      return byThreshold(field, value);
  }
}

/** A canvas writes every colour as #rrggbb. */
function hexOf(color) {
  const probe = document.createElement('canvas').getContext('2d');
  probe.fillStyle = color;
  return probe.fillStyle;
}

/** Relative luminance, as WCAG has it. */
function luminance(channels) {
  const [r, g, b] = channels.map((one) => (one <= 10 ? one / 3294.6 : ((one / 255 + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** The colour, darkened until text in it stands out from white: 4.5 to 1. Grafana's dark theme needs none of that. */
export function legible(color) {
  const hex = hexOf(color);
  let channels = [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));
  while (1.05 / (luminance(channels) + 0.05) < 4.5) {
    channels = channels.map((one) => one * 0.95);
  }
  return `rgb(${channels.map(Math.round).join(', ')})`;
}

export function paint(color, opacity) {
  if (color === 'transparent') {
    return color;
  }
  return hexOf(color) + Math.round(opacity * 255).toString(16).padStart(2, '0');
}
