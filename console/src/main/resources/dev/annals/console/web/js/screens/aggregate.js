/**
 * The life of an aggregate, scrubbed like a film: its events, its state at any version, what has changed against
 * another one, and new versions as they come. `v` and `vs` in the address are the version that is shown and the one it
 * is compared with; without `v` the screen follows the latest.
 */

import {html, live as asShown, nothing} from '/assets/vendor/lit.js';
import {about, ask, Problem} from '../api.js';
import '../commands.js';
import {countChanges, diff} from '../diff.js';
import {number, shell, shortType, time, zone} from '../format.js';
import {live} from '../live.js';
import {go, pathOf, queryOf} from '../navigation.js';
import {commandLines, loading, Part, problem, soon} from '../parts.js';
import {Events, titleOf} from '../timeline.js';

const PLAY_MILLIS = 700;
const MOST_STATES = 60;

class AggregateScreen extends Part {
  static properties = {
    type: {type: String},
    aggregate: {type: String},
    query: {attribute: false},
    total: {state: true},
    node: {state: true},
    shown: {state: true},
    failure: {state: true},
    liveState: {state: true},
    playing: {state: true},
    onlyChanges: {state: true},
    asOf: {state: true},
    result: {state: true},
    about: {state: true},
    revision: {state: true},
  };

  constructor() {
    super();
    this.type = '';
    this.aggregate = '';
    /** @type {URLSearchParams} */
    this.query = new URLSearchParams();
    this.total = 0;
    /** @type {import('../diff.js').Node | null} */
    this.node = null;
    /** What the tree shows: the version and the one it is compared with. */
    this.shown = {version: 0, against: 0};
    /** @type {unknown} */
    this.failure = null;
    /** @type {import('../live.js').LiveState} */
    this.liveState = {state: 'connecting', why: ''};
    this.playing = false;
    this.onlyChanges = false;
    /** @type {{failure: unknown} | null} */
    this.asOf = null;
    /** @type {{id: string, answer?: import('../api.js').Result, failure?: unknown} | null} */
    this.result = null;
    /** @type {import('../api.js').About | null} */
    this.about = null;
    this.revision = 0;
    this.fresh = Infinity;
    /** Whether the focus is to go along with the chosen row. */
    this.staysOnRow = false;
    /** @type {Events | null} */
    this.events = null;
    /** @type {Map<number, any>} */
    this.states = new Map();
    /** @type {{close: () => void} | null} */
    this.reader = null;
    /** @type {AbortController} */
    this.asking = new AbortController();
  }

  connectedCallback() {
    super.connectedCallback();
    document.addEventListener('keydown', this.keys);
    window.addEventListener('annals-token', this.begin);
    window.addEventListener('annals-zone', this.again);
    about().then((answer) => (this.about = answer), () => {});
    this.begin();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    document.removeEventListener('keydown', this.keys);
    window.removeEventListener('annals-token', this.begin);
    window.removeEventListener('annals-zone', this.again);
    this.end();
  }

  again = () => this.requestUpdate();

  end() {
    this.playing = false;
    clearTimeout(this.timer);
    clearTimeout(this.retry);
    this.asking.abort();
    this.reader?.close();
  }

  begin = async () => {
    this.end();
    this.asking = new AbortController();
    this.events = new Events(this.type, this.aggregate);
    this.states.clear();
    this.node = null;
    this.total = 0;
    try {
      const now = await ask(this.statePath(null), {signal: this.asking.signal});
      this.keep(now.version, now.state);
      this.failure = null;
      this.total = now.version;
      this.fresh = now.version + 1;
      this.follow();
      await this.showState();
    } catch (failure) {
      this.failed(failure, this.begin);
    }
  };

  /** @param {unknown} failure @param {() => void} [again] */
  failed(failure, again = () => this.tryState()) {
    if (!(failure instanceof DOMException && failure.name === 'AbortError')) {
      this.failure = failure;
      clearTimeout(this.retry);
      this.retry = this.isConnected ? soon(failure, again) : undefined;
    }
  }

  tryState() {
    this.showState().catch((failure) => this.failed(failure));
  }

  /** @param {number | null} version @param {string | null} [at] */
  statePath(version, at = null) {
    return `/api/query${pathOf('v1', this.type, this.aggregate, 'state')}${queryOf({version, at})}`;
  }

  follow() {
    this.reader = live(`/api/query${pathOf('v1', this.type, this.aggregate, 'events')}`, {
      lastId: String(this.total),
      onEvent: (item) => this.came(item),
      onState: (state) => (this.liveState = state),
    });
  }

  /** @param {import('../timeline.js').EventItem} item */
  came(item) {
    this.events?.add(item);
    if (item.version > this.total) {
      this.total = item.version;
      if (this.followsLatest) {
        this.tryState();
      }
    }
    this.revision++;
  }

  get followsLatest() {
    return !this.query.has('v');
  }

  get version() {
    const asked = Number(this.query.get('v') ?? this.total);
    return Number.isInteger(asked) ? Math.min(Math.max(asked, 1), this.total) : this.total;
  }

  /** 0: before the first event. */
  get against() {
    const asked = Number(this.query.get('vs') ?? this.version - 1);
    return Number.isInteger(asked) && asked >= 0 && asked <= this.total ? asked : this.version - 1;
  }

  /** @param {Map<string, unknown>} changed */
  willUpdate(changed) {
    if ((changed.has('type') || changed.has('aggregate')) && this.hasUpdated) {
      this.begin();
    } else if (changed.has('query') && this.total > 0) {
      this.result = null;
      this.tryState();
    }
  }

  /** @param {Map<string, unknown>} changed */
  updated(changed) {
    if (changed.has('query') && this.staysOnRow) {
      this.staysOnRow = false;
      this.focusRow();
    }
  }

  /** Both states, from here where they were seen already. What was asked for meanwhile comes too late, and is left. */
  async showState() {
    const [version, against] = [this.version, this.against];
    const [after, before] = await Promise.all([
      this.state(version),
      against === 0 ? {} : this.state(against),
      this.events?.load(version).catch(() => {}), // the timeline tells of it
    ]);
    if (version === this.version && against === this.against) {
      this.failure = null;
      this.node = diff(before, after);
      this.shown = {version, against};
    }
  }

  /** @param {number} version @returns {Promise<any>} */
  state(version) {
    const held = this.states.get(version);
    if (held !== undefined) {
      return held;
    }
    const asked = ask(this.statePath(version), {signal: this.asking.signal}).then((answer) => answer.state);
    this.keep(version, asked);
    asked.catch(() => this.states.delete(version));
    return asked;
  }

  /** @param {number} version @param {any} state or a promise of it */
  keep(version, state) {
    this.states.set(version, state);
    const oldest = this.states.keys().next().value;
    if (this.states.size > MOST_STATES && oldest !== undefined) {
      this.states.delete(oldest);
    }
  }

  /** @param {number | null} version null: the latest, and those that come @param {number | null} [against] @param {boolean} [replace] */
  goTo(version, against = null, replace = true) {
    const path = pathOf('t', this.type, this.aggregate);
    go(path + queryOf({v: version, vs: against}), {replace});
  }

  /** @param {number} version */
  step(version) {
    const to = Math.min(Math.max(version, 1), this.total);
    this.goTo(to === this.total && this.followsLatest ? null : to);
  }

  keys = (/** @type {KeyboardEvent} */ event) => {
    if (this.total === 0 || event.ctrlKey || event.metaKey || event.altKey || isTyping(event)) {
      return;
    }
    const onButton = event.target instanceof HTMLElement && event.target.closest('button, a, summary') !== null;
    /** @type {Record<string, () => void>} */
    const moves = {
      ArrowLeft: () => this.step(this.version - 1),
      ArrowRight: () => this.step(this.version + 1),
      ArrowDown: () => this.step(this.version - 1),
      ArrowUp: () => this.step(this.version + 1),
      PageDown: () => this.step(this.version - 10),
      PageUp: () => this.step(this.version + 10),
      Home: () => this.step(1),
      End: () => this.goTo(null),
      d: () => (this.onlyChanges = !this.onlyChanges),
      ...(onButton ? {} : {' ': () => this.play()}),
    };
    const onRow = event.target instanceof HTMLElement && event.target.closest('an-timeline') !== null;
    const move = moves[event.key];
    const vertical = event.key.includes('Up') || event.key.includes('Down');
    if (move === undefined || (vertical && !onRow)) {
      return;
    }
    event.preventDefault();
    if (event.key !== ' ') {
      this.stop();
    }
    move();
    this.staysOnRow = onRow;
  };

  /** Rows come and go with the window: who is on one stays on the chosen one. */
  async focusRow() {
    const timeline = /** @type {any} */ (this.querySelector('an-timeline'));
    await timeline?.updateComplete;
    await timeline?.updateComplete; // the second time for the window that has moved
    timeline?.querySelector('.chosen button')?.focus({preventScroll: true});
  }

  play() {
    if (this.playing) {
      this.stop();
      return;
    }
    this.playing = true;
    if (this.version === this.total) {
      this.step(1);
    }
    this.timer = setTimeout(this.next, PLAY_MILLIS);
  }

  next = async () => {
    if (!this.playing) {
      return;
    }
    if (this.version >= this.total) {
      this.stop();
      return;
    }
    this.goTo(this.version + 1);
    await this.updateComplete;
    this.timer = setTimeout(this.next, PLAY_MILLIS);
  };

  stop() {
    this.playing = false;
    clearTimeout(this.timer);
  }

  /** @param {SubmitEvent} event */
  async goToTime(event) {
    event.preventDefault();
    const text = String(new FormData(/** @type {HTMLFormElement} */ (event.currentTarget)).get('at') ?? '');
    if (text === '') {
      return;
    }
    const at = new Date(zone() === 'utc' ? `${text}Z` : text);
    try {
      const answer = await ask(this.statePath(null, at.toISOString()), {signal: this.asking.signal});
      this.asOf = null;
      this.keep(answer.version, answer.state);
      this.goTo(answer.version, null, false);
    } catch (failure) {
      this.asOf = {failure};
    }
  }

  /** @param {string} id of a command */
  async showResult(id) {
    if (this.result?.id === id) {
      this.result = null;
      return;
    }
    this.result = {id};
    try {
      this.result = {id, answer: await ask(`/api/command/v1/commands/${encodeURIComponent(id)}`)};
    } catch (failure) {
      this.result = {id, failure};
    }
  }

  render() {
    if (this.failure !== null && this.total === 0) {
      return this.nothingThere();
    }
    return html`
      <div class="head">
        <h1 tabindex="-1"><span class="of">${this.type}</span> ${this.aggregate}</h1>
        <span class="actions"><an-commands .type=${this.type} .aggregate=${this.aggregate}></an-commands>${this.liveMark()}</span>
      </div>
      ${this.film()}
      <div class="two">
        <section class="panel timeline-panel" aria-label="Events, newest first">
          <h2>Events <span class="muted">${this.total === 0 ? '' : number(this.total)}</span></h2>
          ${this.total === 0
            ? loading(6)
            : html`<an-timeline class="timeline" .events=${this.events} .total=${this.total} .version=${this.version} .fresh=${this.fresh}
                .news=${this.revision} @pick=${(/** @type {CustomEvent} */ event) => { this.stop(); this.goTo(event.detail, null, false); }}></an-timeline>`}
        </section>
        <div class="stack">
          ${this.eventPanel()}
          ${this.statePanel()}
          ${this.total === 0 ? nothing : commandLines(this.lines())}
        </div>
      </div>`;
  }

  nothingThere() {
    const unknown = this.failure instanceof Problem && this.failure.status === 404;
    return html`
      <div class="head"><h1 tabindex="-1"><span class="of">${this.type}</span> ${this.aggregate}</h1></div>
      ${unknown
        ? html`<div class="empty"><p><strong>Nothing is known of it.</strong></p><p>${this.failure instanceof Problem ? this.failure.detail : ''}</p>
            <p><a href=${pathOf('t', this.type)}>All ${this.type}</a></p></div>`
        : problem(this.failure, this.begin)}`;
  }

  liveMark() {
    const {state, why} = this.liveState;
    const text = {connecting: 'connecting', live: 'live', waiting: 'comes back', ended: 'not live'}[state];
    return html`<span class="live" data-state=${state} role="status" title=${why}><i aria-hidden="true"></i>${text}${state === 'waiting' || state === 'ended' ? html`<span class="muted why">${why}</span>` : nothing}</span>`;
  }

  film() {
    const [version, against] = [this.version, this.against];
    const event = this.total === 0 ? null : this.events?.at(version)?.[0];
    return html`
      <section class="panel film" aria-label="Version">
        <div class="film-row">
          <button class="button primary play" type="button" ?disabled=${this.total < 2} aria-pressed=${this.playing} @click=${() => this.play()}>${this.playing ? 'Pause' : 'Play'}</button>
          <button class="button" type="button" aria-label="One version back" ?disabled=${version <= 1} @click=${() => { this.stop(); this.step(this.version - 1); }}>‹</button>
          <input class="slider" type="range" min="1" max=${Math.max(1, this.total)} step="1" aria-label="Version" aria-valuetext=${`version ${version} of ${this.total}`}
            .value=${asShown(String(version || 1))} ?disabled=${this.total < 2} @input=${this.slide}>
          <button class="button" type="button" aria-label="One version on" ?disabled=${version >= this.total} @click=${() => { this.stop(); this.step(this.version + 1); }}>›</button>
          <output class="of-total"><strong>${number(version)}</strong> of ${number(this.total)}</output>
        </div>
      </section>
      <div class="film-row options">
          <span class="at"><time datetime=${event?.time ?? ''}>${time(event?.time) || ' '}</time> <span class="muted">${zone() === 'utc' ? 'UTC' : ''}</span></span>
          <label class="field">compared with
            <input type="number" min="0" max=${this.total} .value=${asShown(String(Math.max(0, against)))} ?disabled=${this.total === 0}
              @change=${(/** @type {Event} */ change) => this.goTo(this.version, Number(/** @type {HTMLInputElement} */ (change.target).value), false)}>
          </label>
          <form class="field" @submit=${this.goToTime}>
            <label for="as-of">as of</label>
            <input id="as-of" name="at" type="datetime-local" step="1">
            <button class="button" type="submit">Go</button>
          </form>
          <button class="button" type="button" ?disabled=${this.followsLatest} @click=${() => this.goTo(null, null, false)}>${this.followsLatest ? 'Follows the latest' : 'Follow the latest'}</button>
      </div>
      ${this.asOf === null ? nothing : problem(this.asOf.failure)}`;
  }

  slide = (/** @type {Event} */ event) => {
    this.stop();
    this.step(Number(/** @type {HTMLInputElement} */ (event.target).value));
  };

  eventPanel() {
    const parts = this.total === 0 ? null : (this.events?.at(this.shown.version) ?? null);
    if (parts === null) {
      return html`<section class="panel event-panel" aria-label="Event">${this.failure === null ? loading(3) : nothing}</section>`;
    }
    const event = parts[0];
    const headers = event?.headers ?? {};
    return html`
      <section class="panel event-panel" aria-label="Event">
        <h2>${titleOf(parts)} <span class="muted">version ${number(this.shown.version)}</span></h2>
        ${event === undefined || event.erased ? html`<p class="muted">${event?.erased ? 'Its data was erased; the version stays.' : 'It has expired: what it did is in the summary that follows.'}</p>` : html`
          <dl class="facts">
            <div><dt>when</dt><dd><time datetime=${event.time ?? ''}>${time(event.time)}</time></dd></div>
            <div><dt>who</dt><dd>${headers.ce_authid ?? html`<span class="muted">nobody is known</span>`}</dd></div>
            ${headers.ce_causationid === undefined ? nothing : html`<div><dt>command</dt><dd>
              <button class="link" type="button" aria-expanded=${this.result?.id === headers.ce_causationid} @click=${() => this.showResult(headers.ce_causationid)}>${headers.ce_causationid}</button></dd></div>`}
            ${headers.ce_correlationid === undefined ? nothing : html`<div><dt>correlation</dt><dd><code>${headers.ce_correlationid}</code></dd></div>`}
            ${headers.traceparent === undefined ? nothing : html`<div><dt>trace</dt><dd><code>${headers.traceparent}</code></dd></div>`}
          </dl>
          ${this.resultPart(headers.ce_causationid)}
          <details><summary>Data and headers</summary>
            ${parts.map((part) => html`
              ${parts.length > 1 ? html`<h3>${shortType(part.type)}</h3>` : nothing}
              <an-tree .node=${diff(undefined, part.data ?? {})}></an-tree>`)}
            <an-tree .node=${diff(undefined, headers)}></an-tree>
          </details>`}
      </section>`;
  }

  /** @param {string | undefined} id */
  resultPart(id) {
    const result = this.result;
    if (result === null || result.id !== id) {
      return nothing;
    }
    if (result.failure !== undefined) {
      return problem(result.failure);
    }
    if (result.answer === undefined) {
      return loading(1);
    }
    const {outcome, code, message, aggregateType = '', aggregateId = '', events = []} = result.answer;
    return html`<div class="result"><strong>${outcome}</strong>${code ? html` <code>${code}</code>` : nothing} ${message ?? ''}
      ${events.map((each) => html`<a class="chip" href=${pathOf('t', aggregateType, aggregateId) + queryOf({v: each.version})}>${each.type} ${each.version}</a>`)}</div>`;
  }

  statePanel() {
    const node = this.node;
    const count = node === null ? 0 : countChanges(node);
    const {version, against} = this.shown;
    return html`
      <section class="panel state-panel" aria-label="State">
        <div class="panel-head">
          <h2>State <span class="muted">${node === null ? '' : html`at ${number(version)}, ${against === 0 ? 'compared with nothing' : html`compared with ${number(against)}`}`}</span></h2>
          <span class="count" role="status">${node === null ? '' : count === 0 ? 'no change' : count === 1 ? '1 change' : `${number(count)} changes`}</span>
          <label class="check"><input type="checkbox" .checked=${asShown(this.onlyChanges)} @change=${(/** @type {Event} */ event) => (this.onlyChanges = /** @type {HTMLInputElement} */ (event.target).checked)}> only changes</label>
        </div>
        ${this.failure === null ? nothing : problem(this.failure, () => this.tryState())}
        ${node === null ? (this.failure === null ? loading(8) : nothing) : html`<an-tree .node=${node} .onlyChanges=${this.onlyChanges}></an-tree>`}
      </section>`;
  }

  lines() {
    const url = this.about?.queryUrl ?? 'http://127.0.0.1:8081';
    const path = pathOf('v1', this.type, this.aggregate);
    const version = this.version;
    return [
      `curl ${shell(`${url}${path}/state?version=${version}`)}`,
      `curl ${shell(`${url}${path}/events?from=${version}&limit=1`)}`,
      `./annals history ${shell(this.type)} ${shell(this.aggregate)} --from ${version} --limit 1`,
    ];
  }
}

/** @param {KeyboardEvent} event */
function isTyping(event) {
  const on = event.target;
  if (document.querySelector('dialog[open]') !== null) {
    return true;
  }
  return on instanceof HTMLInputElement
    ? on.type !== 'range' && on.type !== 'checkbox'
    : on instanceof HTMLTextAreaElement || on instanceof HTMLSelectElement;
}

customElements.define('an-aggregate', AggregateScreen);
