/** Numbers as Grafana would write them, for the units that the boards use. */

const SHORT = [
  [1e12, ' T'],
  [1e9, ' B'],
  [1e6, ' Mil'],
  [1e3, ' K'],
];
const BYTES = [
  [2 ** 40, ' TiB'],
  [2 ** 30, ' GiB'],
  [2 ** 20, ' MiB'],
  [2 ** 10, ' KiB'],
];
const DECIMAL = [
  [1e12, ' TB/s'],
  [1e9, ' GB/s'],
  [1e6, ' MB/s'],
  [1e3, ' kB/s'],
];
const SECONDS = [
  [604800, ' weeks'],
  [86400, ' days'],
  [3600, ' hours'],
  [60, ' mins'],
  [1, ' s'],
  [1e-3, ' ms'],
  [1e-6, ' µs'],
];

function digits(value, decimals) {
  if (decimals !== undefined) {
    return value.toFixed(decimals);
  }
  const size = Math.abs(value);
  return String(Number(value.toFixed(size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3)));
}

function scaled(value, steps, rest, decimals) {
  const [size, name] = steps.find(([step]) => Math.abs(value) >= step) ?? [1, rest];
  return digits(value / size, decimals) + name;
}

const FORMATS = {
  none: (value, decimals) => digits(value, decimals),
  short: (value, decimals) => scaled(value, SHORT, '', decimals),
  percentunit: (value, decimals) => `${digits(value * 100, decimals)}%`,
  percent: (value, decimals) => `${digits(value, decimals)}%`,
  s: (value, decimals) => (value === 0 ? '0 s' : scaled(value, SECONDS, ' s', decimals)),
  bytes: (value, decimals) => scaled(value, BYTES, ' B', decimals),
  decbytes: (value, decimals) => scaled(value, DECIMAL, ' B', decimals).replace('/s', ''),
  Bps: (value, decimals) => scaled(value, DECIMAL, ' B/s', decimals),
  dateTimeAsIso: (value) => new Date(value).toISOString().slice(0, 19).replace('T', ' '),
  ...Object.fromEntries(
    ['cps', 'reqps', 'ops', 'mps', 'rps', 'wps'].map((unit) => [
      unit,
      (value, decimals) => `${scaled(value, SHORT, '', decimals)} ${{ cps: 'c/s', reqps: 'req/s', mps: 'msg/s' }[unit] ?? unit}`,
    ]),
  ),
};

export function written(value, field) {
  if (value === null || value === undefined || Number.isNaN(value)) {
    return field.noValue ?? '-';
  }
  const mapped = (field.mappings ?? []).find((mapping) => mapping.type === 'value' && String(value) in mapping.options);
  if (mapped) {
    return mapped.options[String(value)].text ?? String(value);
  }
  const format = FORMATS[field.unit ?? 'short'];
  if (!format) {
    throw new Error(`unit ${field.unit} (expected: one of ${Object.keys(FORMATS)})`);
  }
  return format(value, field.decimals);
}
