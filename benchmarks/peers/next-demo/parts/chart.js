// Charts as inline SVG. An item has a label, a value and a detail.

import { decimal } from "../lib/number.js";

const HEIGHT = 224;

/** Upright bars, side by side, each under its rounded value. */
export function Columns({ summary, items }) {
  const [top, base] = [20, HEIGHT - 24];
  const most = greatest(items);
  const step = 100 / Math.max(items.length, 1);
  // On a narrow screen labels of a dense chart make room: every second one does, and those beside
  // the longest bar, whose own stays.
  const dense = items.length > 10;
  const longest = items.findIndex(({ value }) => value >= most);
  const makesRoom = (at) => {
    const distance = longest < 0 ? undefined : Math.abs(longest - at);
    if (distance === 0) return false;
    return distance === 1 ? dense : dense && at % 2 === 1;
  };
  return (
    <svg className={dense ? "dense" : undefined} role="img" aria-label={summary} width="100%" height={HEIGHT}>
      {items.map(({ label, value, detail }, at) => {
        const height = Math.max(length(value, most, base - top), 1);
        const left = step * at;
        const middle = percent(left + step / 2);
        return [
          <rect key={`b${at}`} className={barClass(value, most)} rx="3" x={percent(left + step * 0.12)}
            width={percent(step * 0.76)} y={decimal(base - height, 1)} height={decimal(height, 1)}>
            <title>{detail}</title>
          </rect>,
          <text key={`v${at}`} className={makesRoom(at) ? "strong spare" : "strong"} textAnchor="middle"
            x={middle} y={decimal(base - height - 6, 1)}>{brief(value)}</text>,
          <text key={`l${at}`} className={dense && at % 2 === 1 ? "spare" : undefined} textAnchor="middle"
            x={middle} y={HEIGHT - 6}>{label}</text>,
        ];
      })}
      <line className="axis" x1="0" x2="100%" y1={base + 0.5} y2={base + 0.5} />
    </svg>
  );
}

/** Bars that lie, one below the other, each under its name and detail. */
export function Bars({ summary, items }) {
  const most = greatest(items);
  const step = HEIGHT / Math.max(items.length, 1);
  return (
    <svg role="img" aria-label={summary} width="100%" height={HEIGHT}>
      {items.map(({ label, value, detail }, at) => {
        const top = step * at;
        return [
          <text key={`l${at}`} className="strong" x="0" y={decimal(top + 13, 1)}>{label}</text>,
          <text key={`d${at}`} x="100%" y={decimal(top + 13, 1)} textAnchor="end">{detail}</text>,
          <rect key={`t${at}`} className="track" x="0" width="100%" rx="3" y={decimal(top + 21, 1)} height="10" />,
          <rect key={`b${at}`} className={barClass(value, most)} x="0" rx="3"
            width={percent(length(value, most, 100))} y={decimal(top + 21, 1)} height="10" />,
        ];
      })}
    </svg>
  );
}

const greatest = (items) => items.reduce((most, { value }) => Math.max(most, value), 0);

const length = (value, most, whole) => (most > 0 ? (Math.max(value, 0) / most) * whole : 0);

/** In as few letters as a narrow bar has room for: "999", then "1.2k". */
const brief = (value) => (value < 999.5 ? decimal(value, 0) : `${decimal(value / 1e3, 1)}k`);

const barClass = (value, most) => (value >= most ? "bar most" : "bar");

const percent = (value) => `${value.toFixed(2)}%`;
