/** How things are written: times, numbers, one line of an event's data. */

const ZONE = 'annals.zone';

/** @returns {'utc' | 'local'} */
export function zone() {
  try {
    return localStorage.getItem(ZONE) === 'local' ? 'local' : 'utc';
  } catch {
    return 'utc';
  }
}

/** @param {'utc' | 'local'} value */
export function setZone(value) {
  try {
    localStorage.setItem(ZONE, value);
  } catch {
    // For this page alone, then.
  }
  window.dispatchEvent(new Event('annals-zone'));
}

/** @param {number} number @param {number} [digits] */
function padded(number, digits = 2) {
  return String(number).padStart(digits, '0');
}

/** @param {string | null | undefined} iso @returns {string} a day and a time to the second, '' for none */
export function time(iso) {
  const at = iso ? new Date(iso) : null;
  if (at === null || Number.isNaN(at.getTime())) {
    return iso ?? '';
  }
  return zone() === 'utc'
    ? at.toISOString().slice(0, 19).replace('T', ' ')
    : `${at.getFullYear()}-${padded(at.getMonth() + 1)}-${padded(at.getDate())} ` +
      `${padded(at.getHours())}:${padded(at.getMinutes())}:${padded(at.getSeconds())}`;
}

const NUMBER = new Intl.NumberFormat('en');

/** @param {number} value */
export function number(value) {
  return NUMBER.format(value);
}

/** Without its namespace. @param {string | undefined} type */
export function shortType(type) {
  return type === undefined ? '' : type.slice(type.lastIndexOf('.') + 1);
}

const LINE_CHARACTERS = 160;

/** One line of an event's data: what is short first said, nested values by their size. @param {any} data */
export function oneLine(data) {
  if (data === null || typeof data !== 'object') {
    return scalar(data);
  }
  const parts = [];
  let length = 0;
  for (const [key, value] of Object.entries(data)) {
    if (value === null) {
      continue;
    }
    const part = `${key} ${summary(value)}`;
    parts.push(part);
    length += part.length + 3;
    if (length > LINE_CHARACTERS) {
      break;
    }
  }
  return parts.join(' · ');
}

/** @param {any} value */
export function summary(value) {
  if (Array.isArray(value)) {
    return `[${value.length}]`;
  }
  if (value !== null && typeof value === 'object') {
    const size = Object.keys(value).length;
    return `{${size}}`;
  }
  return scalar(value);
}

/**
 * Parses JSON whose whole numbers keep their digits: one that no number of JavaScript holds becomes a text of them.
 *
 * @param {string} text @returns {any}
 */
export function parseJson(text) {
  return JSON.parse(text, /** @type {any} */ (exact));
}

/** @param {string} _key @param {any} value @param {{source?: string}} [context] what stands there, where the browser tells it */
function exact(_key, value, context) {
  const digits = context?.source;
  return typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value) && digits !== undefined && /^-?\d+$/.test(digits)
    ? digits
    : value;
}

/** Amounts are texts. @param {any} value */
export function isNumeric(value) {
  return typeof value === 'number' || (typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value));
}

/** @param {any} value */
export function scalar(value) {
  return value === null || value === undefined ? 'null' : String(value);
}

/** For a shell: in single quotes where it needs some. @param {string} text */
export function shell(text) {
  return /^[A-Za-z0-9_./:=@%+,-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
