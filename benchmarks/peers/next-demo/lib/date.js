// Days of the year 2013.

export const MONTHS = [
  "January", "February", "March", "April", "May", "June",
  "July", "August", "September", "October", "November", "December",
];

const LENGTHS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

const WEEKDAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/** Week of the year from 0, and day of the week from 0 for Monday. The first day was a Tuesday. */
export function weekAndWeekday({ month, day }) {
  const before = LENGTHS.slice(0, month - 1).reduce((sum, days) => sum + days, 0);
  const days = 1 + before + day - 1;
  return [Math.floor(days / 7), days % 7];
}

/** "8 March" */
export const short = ({ month, day }) => `${day} ${MONTHS[month - 1]}`;

/** "Fri 8 March" */
export const named = (date) => `${WEEKDAYS[weekAndWeekday(date)[1]]} ${short(date)}`;

/** "2013-03-08" */
export function iso({ month, day }) {
  const digits = (number) => String(number).padStart(2, "0");
  return `2013-${digits(month)}-${digits(day)}`;
}
