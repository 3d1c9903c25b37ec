/**
 * The events of an aggregate, newest first, as a windowed list: only the rows that are seen are in the page, and only
 * the pages of 200 versions around them are asked for, so 100,000 events scroll as ten do. Versions have no gaps, so a
 * version's place is known without asking.
 */

import {html, nothing, repeat} from '/assets/vendor/lit.js';
import {ask} from './api.js';
import {number, oneLine, shortType, time} from './format.js';
import {pathOf} from './navigation.js';
import {Part, problem} from './parts.js';

export const PAGE = 200;

/** Pages that are kept: some megabytes at most. */
const MOST_PAGES = 40;

const ROW_PIXELS = 56;
const BEYOND = 8;

/** Browsers stop at some 16 to 33 million pixels: beyond, rows share the height. */
const MOST_PIXELS = 8_000_000;

/** @typedef {{version: number, type?: string, time?: string, id?: string, data?: any, headers?: Record<string, string>, erased?: boolean, retired?: boolean, summary?: boolean, part?: number, parts?: number}} EventItem */

/** The events of one aggregate, by pages. */
export class Events {
  /** @param {string} type @param {string} id */
  constructor(type, id) {
    this.path = `/api/query${pathOf('v1', type, id, 'events')}`;
    /** @type {Map<number, EventItem[][] | Promise<void>>} by the number of the page; each version has a list of parts */
    this.pages = new Map();
    /** @type {Map<number, unknown>} */
    this.failures = new Map();
  }

  /** @param {number} version @returns {EventItem[] | null} its parts; [] where nothing of it is left; null where it is not here yet */
  at(version) {
    const page = this.pages.get(pageOf(version));
    return page === undefined || page instanceof Promise ? null : page[(version - 1) % PAGE] ?? null;
  }

  /** @param {number} version @returns {Promise<void>} when it is here */
  load(version) {
    const at = pageOf(version);
    const page = this.pages.get(at);
    if (page instanceof Promise) {
      return page;
    }
    if (page !== undefined && (version - 1) % PAGE < page.length) {
      return Promise.resolve();
    }
    const loading = this.fetch(at, version).then(
      (versions) => {
        this.failures.delete(at);
        this.pages.set(at, versions);
        this.forget(at);
      },
      (failure) => {
        this.failures.set(at, failure);
        this.pages.delete(at);
        throw failure;
      },
    );
    this.pages.set(at, loading);
    return loading;
  }

  /**
   * A page can end early, where it is large; the cursor says so.
   *
   * @param {number} at
   * @param {number} version has a place afterwards, also where nothing of it is left: it is not asked for again
   */
  async fetch(at, version) {
    /** @type {EventItem[][]} */
    const versions = [];
    const first = at * PAGE + 1;
    let from = first;
    while (from < first + PAGE) {
      const answer = await ask(`${this.path}?from=${from}&limit=${first + PAGE - from}`);
      for (const item of answer.items) {
        if (item.version < first + PAGE) {
          fill(versions, item.version - first);
          versions[item.version - first].push(item);
        }
      }
      const reached = answer.items.length === 0 ? first + PAGE : answer.items.at(-1).version + 1;
      if (answer.nextCursor === null || reached <= from) {
        break;
      }
      from = reached;
    }
    fill(versions, version - first);
    return versions;
  }

  /** @param {EventItem} item that has just come */
  add(item) {
    const at = pageOf(item.version);
    const page = this.pages.get(at);
    const index = (item.version - 1) % PAGE;
    const versions = page ?? (index === 0 ? [] : undefined);
    if (versions === undefined || versions instanceof Promise || versions.length < index) {
      return; // it is read when it is seen
    }
    fill(versions, index);
    if (!versions[index].some((each) => each.part === item.part)) {
      versions[index].push(item);
    }
    this.pages.set(at, versions);
  }

  /** @param {number} newest */
  forget(newest) {
    const kept = [...this.pages.keys()].sort((a, b) => Math.abs(b - newest) - Math.abs(a - newest));
    while (this.pages.size > MOST_PAGES) {
      this.pages.delete(/** @type {number} */ (kept.shift()));
    }
  }
}

/** @param {number} version */
function pageOf(version) {
  return Math.floor((version - 1) / PAGE);
}

/** @param {EventItem[][]} versions @param {number} index */
function fill(versions, index) {
  while (versions.length <= index) {
    versions.push([]);
  }
}

/** @param {EventItem[] | null} parts @returns {string} */
export function titleOf(parts) {
  if (parts === null) {
    return '';
  }
  if (parts.length === 0) {
    return 'Expired';
  }
  return parts[0].erased ? 'Erased' : parts.map((each) => shortType(each.type)).join(' + ');
}

/** Fires `pick` with the version that was chosen. */
class Timeline extends Part {
  static properties = {
    events: {attribute: false},
    total: {type: Number},
    version: {type: Number},
    fresh: {type: Number},
    news: {type: Number},
    range: {state: true},
    revision: {state: true},
  };

  constructor() {
    super();
    /** @type {Events | null} */
    this.events = null;
    this.total = 0;
    this.version = 0;
    /** The first version that came live. */
    this.fresh = Infinity;
    /** Raised when events have come to what is shown. */
    this.news = 0;
    this.range = {first: 0, last: 0};
    this.revision = 0;
    /** @type {ResizeObserver | null} */
    this.observer = null;
  }

  connectedCallback() {
    super.connectedCallback();
    this.observer = new ResizeObserver(() => this.look());
    this.observer.observe(this);
    this.addEventListener('scroll', this.look, {passive: true});
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.observer?.disconnect();
    this.removeEventListener('scroll', this.look);
  }

  /** Of all rows. */
  get height() {
    return Math.min(MOST_PIXELS, this.total * ROW_PIXELS);
  }

  /** How many pixels of the height a row has: fewer than it is high, where there are very many. */
  get step() {
    return this.total === 0 ? ROW_PIXELS : this.height / this.total;
  }

  look = () => {
    const first = Math.max(0, Math.floor(this.scrollTop / this.step) - BEYOND);
    const last = Math.min(this.total - 1, Math.floor(this.scrollTop / this.step) + Math.ceil(this.clientHeight / ROW_PIXELS) + BEYOND);
    if (first !== this.range.first || last !== this.range.last) {
      this.range = {first, last};
    }
  };

  /** @param {Map<string, unknown>} changed */
  willUpdate(changed) {
    if (changed.has('total') || changed.has('events')) {
      this.look();
    }
  }

  /** @param {Map<string, unknown>} changed */
  updated(changed) {
    const spacer = /** @type {HTMLElement | null} */ (this.querySelector('.spacer'));
    const rows = /** @type {HTMLElement | null} */ (this.querySelector('.rows'));
    if (spacer !== null && rows !== null) {
      // Inline styles in markup are forbidden by the policy; the same by script is not.
      spacer.style.height = `${this.height}px`;
      rows.style.transform = `translateY(${Math.min(this.range.first * this.step, Math.max(0, this.height - rows.childElementCount * ROW_PIXELS))}px)`;
    }
    if (changed.has('version') || changed.has('total')) {
      this.show();
    }
    this.fetchSeen();
  }

  fetchSeen() {
    const events = this.events;
    if (events === null || this.total === 0) {
      return;
    }
    for (const index of new Set([this.range.first, this.range.last])) {
      const version = this.total - index;
      if (version >= 1 && events.at(version) === null && !events.failures.has(pageOf(version))) {
        events.load(version).then(() => this.revision++, () => this.revision++);
      }
    }
  }

  /** The chosen row comes into view, by no more than it needs. */
  show() {
    const top = (this.total - this.version) * this.step;
    if (this.version === this.total) {
      this.scrollTop = 0;
    } else if (top < this.scrollTop) {
      this.scrollTop = top;
    } else if (top + ROW_PIXELS > this.scrollTop + this.clientHeight) {
      this.scrollTop = top + ROW_PIXELS - this.clientHeight;
    }
    this.look();
  }

  render() {
    if (this.events === null || this.total === 0) {
      return nothing;
    }
    const failure = [...this.events.failures.values()][0];
    const versions = [];
    for (let index = this.range.first; index <= this.range.last; index++) {
      versions.push(this.total - index);
    }
    return html`
      ${failure === undefined ? nothing : problem(failure, () => this.retry())}
      <div class="spacer"><ol class="rows" reversed start=${versions[0] ?? 1}>
        ${repeat(versions, (version) => version, (version) => this.row(version))}
      </ol></div>`;
  }

  retry() {
    this.events?.failures.clear();
    this.revision++;
  }

  /** @param {number} version */
  row(version) {
    const parts = this.events?.at(version) ?? null;
    const event = parts?.[0];
    const chosen = version === this.version;
    const gone = parts !== null && (parts.length === 0 || event?.erased);
    const who = event?.headers?.ce_authid;
    return html`
      <li class="event ${chosen ? 'chosen' : ''} ${gone ? 'gone' : ''} ${version >= this.fresh ? 'fresh' : ''}">
        <button type="button" tabindex=${chosen ? 0 : -1} aria-current=${chosen ? 'step' : nothing} @click=${() => this.pick(version)}>
          <span class="number">${number(version)}</span>
          <span class="what">
            <span class="name">${parts === null ? html`<span class="blank"></span>` : titleOf(parts)}</span>
            ${event?.retired ? html`<span class="tag">retired</span>` : nothing}
            ${event?.summary ? html`<span class="tag">summary</span>` : nothing}
            ${(parts?.length ?? 0) > 1 ? html`<span class="tag">${parts?.length} parts</span>` : nothing}
          </span>
          <time datetime=${event?.time ?? ''}>${time(event?.time)}</time>
          <span class="data">${parts === null
            ? html`<span class="blank long"></span>`
            : gone
              ? event?.erased ? 'its data was erased' : 'kept no longer'
              : html`${who ? html`<span class="who">${who}</span> ` : nothing}${oneLine(event?.data)}`}</span>
        </button>
      </li>`;
  }

  /** @param {number} version */
  pick(version) {
    this.dispatchEvent(new CustomEvent('pick', {detail: version}));
  }
}

customElements.define('an-timeline', Timeline);
