/** An instance of a process: what came to it and what it did, its state after each entry, and what to do where it is parked. */

import {html, nothing} from '/assets/vendor/lit.js';
import {ask} from '../api.js';
import {countChanges, diff} from '../diff.js';
import {number, oneLine, shell, shortType, time} from '../format.js';
import {statusMark} from '../instances.js';
import {Looking} from '../looking.js';
import {pathOf, queryOf} from '../navigation.js';
import {commandLines, problem} from '../parts.js';

const PAGE = 200;
const MOST_PAGES = 5;

/** @typedef {{timer: string, time: string}} Timer */
/** @typedef {{commandId: string, aggregateType: string, aggregateId: string, type: string}} Unanswered */
/** @typedef {{id: string, version: number, status: string, reason: string | null, timers: Timer[], unanswered: Unanswered[]}} InstanceNow */
/** @typedef {import('../timeline.js').EventItem} Entry */

class InstanceScreen extends Looking {
  static properties = {
    process: {type: String},
    instance: {type: String},
    now: {state: true},
    entries: {state: true},
    shown: {state: true},
  };

  constructor() {
    super();
    this.process = '';
    this.instance = '';
    /** @type {InstanceNow | null} */
    this.now = null;
    /** @type {Entry[]} */
    this.entries = [];
    this.isWhole = true;
    /** The state after an entry, against the one before. @type {{version: number, node?: import('../diff.js').Node, failure?: unknown} | null} */
    this.shown = null;
  }

  get path() {
    return pathOf('v1', 'processes', this.process, this.instance);
  }

  /** The entry after which the state is shown. */
  get version() {
    const asked = Number(this.query.get('v') ?? this.now?.version ?? 0);
    return Number.isInteger(asked) ? Math.min(Math.max(asked, 1), this.now?.version ?? 1) : 1;
  }

  async read() {
    /** @type {InstanceNow} */
    const now = await ask(`/api/query${this.path}`);
    if (now.version !== this.now?.version) {
      await this.readEntries();
    }
    this.now = now;
    await this.showState();
  }

  /** The first of them; journals are short. */
  async readEntries() {
    let entries = /** @type {Entry[]} */ ([]);
    let cursor = null;
    for (let page = 0; page < MOST_PAGES; page++) {
      const answer = await ask(`/api/query${this.path}/history${queryOf({limit: PAGE, cursor})}`);
      entries = [...entries, ...answer.items];
      cursor = answer.nextCursor;
      if (cursor === null) {
        break;
      }
    }
    this.entries = entries;
    this.isWhole = cursor === null;
  }

  /** @param {Map<string, unknown>} changed */
  willUpdate(changed) {
    if (changed.has('query') && this.now !== null) {
      this.showState();
    }
  }

  async showState() {
    const version = this.version;
    if (this.shown?.version === version && this.shown.failure === undefined) {
      return;
    }
    try {
      const [after, before] = await Promise.all([this.state(version), version === 1 ? {} : this.state(version - 1)]);
      if (version === this.version) {
        this.shown = {version, node: diff(before, after)};
      }
    } catch (failure) {
      this.shown = {version, failure};
    }
  }

  /** @param {number} version */
  async state(version) {
    return (await ask(`/api/query${this.path}/state?version=${version}`)).state;
  }

  /** @param {string} what @param {unknown} [body] */
  ask(what, body) {
    return ask(`/api/process${this.path}/${what}`, {method: 'POST', body});
  }

  retryIt() {
    this.act(`have ${this.instance} tried again`, () => this.ask('retry').then(() => {}), 'The process is told to try again what it is parked with.');
  }

  /** @param {SubmitEvent} event */
  skip(event) {
    event.preventDefault();
    const reason = String(new FormData(/** @type {HTMLFormElement} */ (event.currentTarget)).get('reason') ?? '').trim();
    this.asked = {
      text: `The input that ${this.instance} is parked with is passed over, for ever.`,
      yes: 'Skip it',
      act: () => this.act(`pass over what ${this.instance} is parked with`, () => this.ask('skip', {reason}).then(() => {}), 'The process is told to pass over what it is parked with.'),
    };
  }

  render() {
    const now = this.now;
    return html`
      <div class="head"><h1 tabindex="-1"><span class="of">${this.process}</span> ${this.instance}</h1>${now === null ? nothing : statusMark(now.status)}</div>
      ${this.failurePart()}
      ${this.donePart()}
      ${now === null ? this.loadingPart(8) : html`
        ${now.status === 'PARKED' ? this.parked(now) : nothing}
        <div class="two">
          <section class="panel" aria-label="Entries">
            <h2>What came and what it did <span class="muted">${number(now.version)}</span></h2>
            <ol class="entries">${this.entries.map((entry) => this.entry(entry))}</ol>
            ${this.isWhole ? nothing : html`<p class="small muted">The first ${number(this.entries.length)}; curl has all.</p>`}
          </section>
          <div class="stack">${this.statePart()}${this.openPart(now)}${commandLines(this.lines(now))}</div>
        </div>`}`;
  }

  /** @param {Entry} entry */
  entry(entry) {
    const address = pathOf('processes', this.process, this.instance) + queryOf({v: entry.version});
    return html`
      <li class=${entry.version === this.version ? 'chosen' : ''}>
        <a href=${address} aria-current=${entry.version === this.version ? 'true' : nothing}>${number(entry.version)}</a>
        <span>${shortType(entry.type)}</span> <time datetime=${entry.time ?? ''}>${time(entry.time)}</time>
        <details><summary>${entry.erased ? 'erased' : oneLine(entry.data ?? {})}</summary><an-tree .node=${diff(undefined, entry.data ?? {})}></an-tree></details>
      </li>`;
  }

  /** @param {InstanceNow} now */
  parked(now) {
    return html`
      <section class="panel" aria-label="Parked">
        <h2>It is parked</h2>
        <div class="reason">${now.reason}</div>
        ${this.readOnly ? nothing : html`
          <form class="actions" @submit=${this.skip}>
            <button class="button primary" type="button" ?disabled=${this.doing} @click=${this.retryIt}>Try again</button>
            <label class="field">Reason <input name="reason" type="text" required maxlength="500" autocomplete="off"></label>
            <button class="button" type="submit" ?disabled=${this.doing}>Skip this input</button>
          </form>`}
      </section>`;
  }

  statePart() {
    const shown = this.shown;
    const count = shown?.node === undefined ? 0 : countChanges(shown.node);
    return html`
      <section class="panel state-panel" aria-label="State">
        <div class="panel-head"><h2>State <span class="muted">after entry ${number(this.version)}</span></h2><span class="count" role="status">${count === 0 ? 'no change' : count === 1 ? '1 change' : `${number(count)} changes`}</span></div>
        ${shown?.failure === undefined ? nothing : problem(shown.failure)}
        ${shown?.node === undefined ? nothing : html`<an-tree .node=${shown.node}></an-tree>`}
      </section>`;
  }

  /** @param {InstanceNow} now */
  openPart(now) {
    if (now.timers.length === 0 && now.unanswered.length === 0) {
      return nothing;
    }
    return html`
      <section class="panel" aria-label="Open">
        <h2>What it waits for</h2>
        <ul>
          ${now.timers.map((each) => html`<li>timer ${each.timer}, <time datetime=${each.time}>${time(each.time)}</time></li>`)}
          ${now.unanswered.map((each) => html`<li><a href=${pathOf('commands', each.commandId)}>${shortType(each.type)}</a> to <a href=${pathOf('t', each.aggregateType, each.aggregateId)}>${each.aggregateType} ${each.aggregateId}</a></li>`)}
        </ul>
      </section>`;
  }

  /** @param {InstanceNow} now */
  lines(now) {
    const [url, process] = [this.about?.queryUrl ?? 'http://127.0.0.1:8081', this.about?.processUrl ?? 'http://127.0.0.1:8083'];
    const names = `${shell(this.process)} ${shell(this.instance)}`;
    return [
      `curl ${shell(`${url}${this.path}/history`)}`,
      `curl ${shell(`${url}${this.path}/state?version=${this.version}`)}`,
      `./annals processes ${names}`,
      ...(now.status === 'PARKED' ? [
        `curl -X POST ${shell(`${process}${this.path}/retry`)}`,
        `./annals processes retry ${names}`,
        `curl ${shell(`${process}${this.path}/skip`)} -H 'Content-Type: application/json' -d '{"reason":"…"}'`,
        `./annals processes skip ${names} --reason '…'`,
      ] : []),
    ];
  }
}

customElements.define('an-instance', InstanceScreen);
