/** Asks the services, through the console's own origin. A token is kept for this tab alone, and never in an address. */

import {parseJson} from './format.js';

const TOKEN = 'annals.token';
const LIMIT_MILLIS = 50_000;

/** An answer that is none: RFC 9457's problem, or none at all. */
export class Problem extends Error {
  /**
   * @param {number} status 0 where nothing answered
   * @param {string} code
   * @param {string} title
   * @param {string} detail
   * @param {Record<string, unknown>} [more]
   */
  constructor(status, code, title, detail, more = {}) {
    super(detail || title);
    this.status = status;
    this.code = code;
    this.title = title;
    this.detail = detail;
    this.more = more;
  }
}

/** @returns {string} '' where there is none */
export function token() {
  try {
    return sessionStorage.getItem(TOKEN) ?? '';
  } catch {
    return '';
  }
}

/** @param {string} value '' to forget it */
export function setToken(value) {
  if (value === '') {
    sessionStorage.removeItem(TOKEN);
  } else {
    sessionStorage.setItem(TOKEN, value);
  }
  window.dispatchEvent(new Event('annals-token'));
}

/** @param {Record<string, string>} [more] @returns {Record<string, string>} */
export function headers(more = {}) {
  const held = token();
  return held === '' ? more : {...more, Authorization: `Bearer ${held}`};
}

/**
 * @param {string} path from /api on
 * @param {{signal?: AbortSignal, method?: string, body?: unknown, headers?: Record<string, string>}} [options]
 * @returns {Promise<any>} the JSON of the answer; null where it has none
 * @throws {Problem} where it is none
 */
export async function ask(path, options = {}) {
  const limit = AbortSignal.timeout(LIMIT_MILLIS);
  const signal = options.signal === undefined ? limit : AbortSignal.any([options.signal, limit]);
  /** @type {Response} */
  let answer;
  try {
    answer = await fetch(path, {
      method: options.method ?? 'GET',
      headers: headers({
        Accept: 'application/json',
        ...(options.body === undefined ? {} : {'Content-Type': 'application/json'}),
        ...options.headers,
      }),
      body: options.body === undefined ? undefined : JSON.stringify(options.body),
      signal,
    });
  } catch (failure) {
    if (options.signal?.aborted) {
      throw failure;
    }
    throw new Problem(0, 'no-console', 'No answer', 'the console does not answer: is it still running?');
  }
  if (!answer.ok) {
    throw await problemOf(answer);
  }
  const text = await answer.text();
  return text === '' ? null : parseJson(text);
}

/** @param {Response} answer @returns {Promise<Problem>} */
export async function problemOf(answer) {
  /** @type {Record<string, any>} */
  let body = {};
  try {
    body = await answer.json();
  } catch {
    // Something between has answered.
  }
  if (answer.status === 401) {
    window.dispatchEvent(new CustomEvent('annals-unauthenticated', {detail: body.detail ?? ''}));
  }
  return new Problem(
    answer.status,
    body.code ?? `status-${answer.status}`,
    body.title ?? `Status ${answer.status}`,
    body.detail ?? '',
    body,
  );
}

/** @typedef {{aggregateTypes: {name: string, eventTypes: string[]}[], views: {name: string, aggregateType: string, filters: string[]}[], processes: {name: string}[]}} Index what `GET /` of a query service answers */
/** @typedef {{commandId?: string, outcome: string, code?: string, message?: string, aggregateType?: string, aggregateId?: string, version?: number, events?: {type: string, version: number, data?: unknown}[]}} Result of a command; of a pending one the id and the outcome alone */

/** @typedef {{name: string, filters: string[]}} ViewEntry */
/** @typedef {{types: string[], views: ViewEntry[], processes: string[]}} Catalogue */

/** @type {Promise<Catalogue> | null} */
let known = null;

/** What the installed domains have; asked for once. @returns {Promise<Catalogue>} */
export function catalogue() {
  known ??= ask('/api/query').then((/** @type {Index} */ index) => ({
    types: index.aggregateTypes.map((each) => each.name),
    views: index.views.map((each) => ({name: each.name, filters: each.filters})),
    processes: index.processes.map((each) => each.name),
  }));
  known.catch(() => (known = null));
  return known;
}

/** @typedef {{readOnly: boolean, production: string, commandUrl: string, queryUrl: string, projectorUrl: string, processUrl: string}} About */

/** @type {Promise<About> | null} */
let aboutConsole = null;

/** @returns {Promise<About>} */
export function about() {
  aboutConsole ??= ask('/api/console');
  aboutConsole.catch(() => (aboutConsole = null));
  return aboutConsole;
}

window.addEventListener('annals-token', () => (known = null));
