// Numbers as people read them.

/** With a comma between the thousands: 336,776. */
export const thousands = (number) => String(number).replace(/\B(?=(\d{3})+$)/g, ",");

/** With `digits` after the point and a true minus sign; never a minus before zero. */
export function decimal(number, digits) {
  const text = Math.abs(number).toFixed(digits);
  return number < 0 && /[1-9]/.test(text) ? `\u2212${text}` : text;
}

/** Minutes with one digit after the point, or a dash where there are none. */
export const minutes = (value) => (value === null ? "–" : decimal(value, 1));

/** The number with the word for it: "1 note", "2 notes". */
export const count = (number, one, many) => `${thousands(number)} ${number === 1 ? one : many}`;

/** `part` of `whole` in percent. */
export const percent = (part, whole) => (100 * part) / Math.max(whole, 1);
