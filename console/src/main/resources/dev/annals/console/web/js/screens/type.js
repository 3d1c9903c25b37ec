/** The rows of a view: the aggregates of a type by its own view, or those of another one. Filters, pages, changes live; the address has the filters. */

import {html, live as asShown, nothing} from '/assets/vendor/lit.js';
import {about, ask, catalogue} from '../api.js';
import '../commands.js';
import {isNumeric, scalar, shell, summary, time} from '../format.js';
import {live} from '../live.js';
import {go, pathOf, queryOf} from '../navigation.js';
import {commandLines, loading, Part, problem, soon} from '../parts.js';

const PAGE = 50;
const MOST_COLUMNS = 7;

/** There, filters need no room of their own. */
const WIDE = matchMedia('(min-width: 861px)');

class TypeScreen extends Part {
  static properties = {
    type: {type: String},
    isView: {type: Boolean},
    query: {attribute: false},
    filters: {state: true},
    rows: {state: true},
    cursor: {state: true},
    failure: {state: true},
    loadingMore: {state: true},
    liveState: {state: true},
    news: {state: true},
    changed: {state: true},
    about: {state: true},
  };

  constructor() {
    super();
    this.type = '';
    /** Whether it is a view whose rows are no aggregates. */
    this.isView = false;
    /** @type {URLSearchParams} */
    this.query = new URLSearchParams();
    /** @type {string[] | null} */
    this.filters = null;
    /** @type {any[] | null} */
    this.rows = null;
    /** @type {string | null} */
    this.cursor = null;
    /** @type {unknown} */
    this.failure = null;
    this.loadingMore = false;
    /** @type {import('../live.js').LiveState} */
    this.liveState = {state: 'connecting', why: ''};
    /** How many rows have come that are not shown. */
    this.news = 0;
    /** Ids of rows that have changed since they were read. @type {Set<string>} */
    this.changed = new Set();
    /** @type {import('../api.js').About | null} */
    this.about = null;
    /** @type {{close: () => void} | null} */
    this.reader = null;
    this.asking = new AbortController();
  }

  connectedCallback() {
    super.connectedCallback();
    window.addEventListener('annals-token', this.begin);
    window.addEventListener('annals-zone', this.again);
    about().then((answer) => (this.about = answer), () => {});
    this.begin();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    window.removeEventListener('annals-token', this.begin);
    window.removeEventListener('annals-zone', this.again);
    clearTimeout(this.retry);
    this.asking.abort();
    this.reader?.close();
  }

  again = () => this.requestUpdate();

  begin = async () => {
    clearTimeout(this.retry);
    this.reader?.close();
    try {
      const {types, views} = await catalogue();
      const view = views.find((each) => each.name === this.type);
      if (this.isView && view === undefined) {
        this.failure = `There is no view '${this.type}'; there are ${views.map((each) => each.name).join(', ')}.`;
        return;
      }
      if (!this.isView && !types.includes(this.type)) {
        this.failure = `There is no aggregate type '${this.type}'; there are ${types.join(', ')}.`;
        return;
      }
      this.filters = view?.filters ?? [];
      await this.read();
      this.follow();
    } catch (failure) {
      this.failed(failure);
    }
  };

  /** @param {Map<string, unknown>} changed */
  willUpdate(changed) {
    if (changed.has('query') && this.filters !== null) {
      this.read().catch((failure) => this.failed(failure));
    }
  }

  /** @param {unknown} failure */
  failed(failure) {
    if (!(failure instanceof DOMException && failure.name === 'AbortError')) {
      this.failure = failure;
      clearTimeout(this.retry);
      this.retry = this.isConnected ? soon(failure, this.begin) : undefined;
    }
  }

  /** Of this screen, without filters. */
  get base() {
    return this.isView ? pathOf('views', this.type, 'rows') : pathOf('t', this.type);
  }

  get asked() {
    return Object.fromEntries([...this.query].filter(([name]) => this.filters?.includes(name)));
  }

  /** @param {string | null} [cursor] */
  pagePath(cursor = null) {
    return `${pathOf('v1', this.type)}${queryOf({...this.asked, limit: PAGE, cursor})}`;
  }

  async read() {
    this.asking.abort();
    this.asking = new AbortController();
    const page = await ask(`/api/query${this.pagePath()}`, {signal: this.asking.signal});
    this.failure = null;
    this.rows = page.items;
    this.cursor = page.nextCursor;
    this.news = 0;
    this.changed = new Set();
  }

  async more() {
    this.loadingMore = true;
    try {
      const page = await ask(`/api/query${this.pagePath(this.cursor)}`, {signal: this.asking.signal});
      this.rows = [...(this.rows ?? []), ...page.items];
      this.cursor = page.nextCursor;
    } catch (failure) {
      this.failed(failure);
    } finally {
      this.loadingMore = false;
    }
  }

  follow() {
    this.reader = live(`/api/query${pathOf('v1', this.type)}`, {
      onEvent: (row) => this.came(row),
      onState: (state) => (this.liveState = state),
    });
  }

  /** A row that is shown changes in its place; others are counted, so that nothing moves under the reader's eyes. */
  came(/** @type {any} */ row) {
    const at = this.rows?.findIndex((each) => each.id === row.id) ?? -1;
    if (at < 0) {
      this.news++;
    } else if (this.rows !== null) {
      this.rows = this.rows.with(at, row.removed ? {...this.rows[at], removed: true} : row);
      this.changed = new Set(this.changed).add(row.id);
    }
  }

  /** Plain values first, those by which one can filter before others. */
  get columns() {
    const rows = /** @type {any[]} */ (this.rows ?? []);
    const names = new Set(rows.slice(0, 20).flatMap((row) => Object.keys(row)));
    ['id', 'version', 'removed'].forEach((name) => names.delete(name));
    const isPlain = (/** @type {string} */ name) => rows.slice(0, 20).some((row) => row[name] !== null && typeof row[name] !== 'object');
    const plain = [...names].filter(isPlain);
    const first = plain.filter((name) => this.filters?.some((filter) => name === filter || name.startsWith(filter)));
    return [...first, ...plain.filter((name) => !first.includes(name))].slice(0, MOST_COLUMNS);
  }

  /** @param {SubmitEvent} event */
  filter(event) {
    event.preventDefault();
    const values = Object.fromEntries(new FormData(/** @type {HTMLFormElement} */ (event.currentTarget)).entries());
    go(this.base + queryOf(/** @type {Record<string, string>} */ (values)));
  }

  /** @param {SubmitEvent} event */
  goToId(event) {
    event.preventDefault();
    const id = String(new FormData(/** @type {HTMLFormElement} */ (event.currentTarget)).get('id') ?? '').trim();
    if (id !== '') {
      go(pathOf('t', this.type, id));
    }
  }

  render() {
    return html`
      <div class="head">
        <h1 tabindex="-1">${this.type}</h1>
        <span class="live" data-state=${this.liveState.state} role="status" title=${this.liveState.why}><i aria-hidden="true"></i>${{connecting: 'connecting', live: 'live', waiting: 'comes back', ended: 'not live'}[this.liveState.state]}</span>
      </div>
      <section class="panel filters" aria-label="Find">
        ${this.isView ? nothing : html`
          <form class="field" @submit=${this.goToId}>
            <label for="id">Id</label>
            <input id="id" name="id" type="text" autocomplete="off" spellcheck="false">
            <button class="button" type="submit">Go</button>
          </form>
          <an-commands .type=${this.type}></an-commands>`}
        ${this.filters === null || this.filters.length === 0 ? nothing : html`
          <span class="small muted hint">A filter is a value, or a range: from..to</span>
          <details class="more-filters" ?open=${WIDE.matches || Object.keys(this.asked).length > 0}><summary>Filters</summary>
          <form class="fields" @submit=${this.filter}>
            ${this.filters.map((name) => html`<label class="field">${name}<input type="text" name=${name} .value=${asShown(this.query.get(name) ?? '')} autocomplete="off" spellcheck="false"></label>`)}
            <button class="button primary" type="submit">Filter</button>
            ${Object.keys(this.asked).length === 0 ? nothing : html`<a class="button" href=${this.base}>Clear</a>`}
          </form></details>`}
      </section>
      ${this.news === 0 ? nothing : html`<button class="button news" type="button" @click=${() => this.read().catch((failure) => this.failed(failure))}>${this.news === 1 ? '1 change of another row' : `${this.news} changes of other rows`}, read again</button>`}
      ${this.failure === null ? nothing : problem(this.failure, this.begin)}
      ${this.table()}
      ${this.rows === null ? nothing : commandLines(this.lines())}`;
  }

  table() {
    const rows = this.rows;
    if (rows === null) {
      return this.failure === null ? html`<section class="panel">${loading(10)}</section>` : nothing;
    }
    if (rows.length === 0 && this.cursor === null) {
      return Object.keys(this.asked).length === 0
        ? html`<div class="empty"><p><strong>${this.isView ? 'There is no row yet.' : `No ${this.type} yet.`}</strong></p><p>The <a href="/">start page</a> has commands to begin with.</p></div>`
        : html`<div class="empty"><p><strong>No row passes these filters.</strong></p><p><a href=${this.base}>Without filters</a></p></div>`;
    }
    const columns = this.columns;
    const numeric = new Set(columns.filter((name) => rows.every((row) => row[name] === null || isNumeric(row[name]))));
    return html`
      <section class="panel wide" aria-label="Rows" tabindex="0">
        <table class="rows-table">
          <thead><tr><th scope="col">id</th><th scope="col" class="right">version</th>${columns.map((name) => html`<th scope="col" class=${numeric.has(name) ? 'right' : ''}>${name}</th>`)}</tr></thead>
          <tbody>${rows.map((row) => html`
            <tr class="${this.changed.has(row.id) ? 'fresh' : ''} ${row.removed ? 'gone' : ''}">
              <th scope="row">${this.isView ? row.id : html`<a href=${pathOf('t', this.type, row.id)}>${row.id}</a>`}</th>
              <td class="right">${row.version}</td>
              ${columns.map((name) => html`<td class=${numeric.has(name) ? 'right' : ''}>${cell(row[name])}</td>`)}
            </tr>`)}
          </tbody>
        </table>
        ${this.cursor === null ? nothing : html`<p class="more"><button class="button" type="button" ?disabled=${this.loadingMore} @click=${this.more}>${this.loadingMore ? 'Reading…' : 'More'}</button></p>`}
      </section>`;
  }

  lines() {
    const url = this.about?.queryUrl ?? 'http://127.0.0.1:8081';
    const filters = Object.entries(this.asked).map(([name, value]) => ` --filter ${shell(`${name}=${value}`)}`).join('');
    return [`curl ${shell(url + this.pagePath())}`, `./annals list ${shell(this.type)}${filters}`];
  }
}

/** @param {any} value */
function cell(value) {
  if (value === null || value === undefined) {
    return html`<span class="muted">–</span>`;
  }
  if (typeof value === 'string' && /^\d{4}-\d\d-\d\dT/.test(value)) {
    return html`<time datetime=${value}>${time(value)}</time>`;
  }
  return typeof value === 'object' ? summary(value) : scalar(value);
}

customElements.define('an-type', TypeScreen);
