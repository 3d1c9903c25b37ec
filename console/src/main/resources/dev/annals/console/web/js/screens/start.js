/** What runs, what there is, and what happens now. On an empty installation: what to send first. */

import {html, nothing} from '/assets/vendor/lit.js';
import {about, ask, catalogue} from '../api.js';
import {confirmed} from '../confirm.js';
import {number, oneLine, shell, shortType, time} from '../format.js';
import {live} from '../live.js';
import {go, pathOf, queryOf} from '../navigation.js';
import '../operations.js';
import {loading, Part, problem} from '../parts.js';
import {STORIES} from '../samples.js';

const LOOK_MILLIS = 5_000;
const FIRST_IDS = 4;
const LAST_EVENTS = 12;
/** @type {Record<string, string>} */
const TITLES = {command: 'Commands', query: 'Queries', projector: 'Projector', process: 'Processes'};

/** @typedef {{service: string, instances: {address: string, status: string, reasons: string[], warnings: string[]}[]}} Service */
/** @typedef {{name: string, generation: number | null, state: string, lagRecords: number | null, replayInProgress: boolean, stopped: import('../generations.js').Stop | null}} View as the query service tells of it */

class StartScreen extends Part {
  static properties = {
    query: {attribute: false},
    services: {state: true},
    servicesFailure: {state: true},
    views: {state: true},
    viewsFailure: {state: true},
    types: {state: true},
    typesFailure: {state: true},
    ids: {state: true},
    events: {state: true},
    liveState: {state: true},
    sending: {state: true},
    about: {state: true},
  };

  constructor() {
    super();
    /** @type {URLSearchParams} */
    this.query = new URLSearchParams();
    /** @type {Service[] | null} */
    this.services = null;
    /** @type {unknown} */
    this.servicesFailure = null;
    /** @type {View[] | null} */
    this.views = null;
    /** @type {unknown} */
    this.viewsFailure = null;
    /** @type {string[] | null} */
    this.types = null;
    /** @type {unknown} */
    this.typesFailure = null;
    /** The first ids of each type; null where they can't be read now. @type {Map<string, string[] | null>} */
    this.ids = new Map();
    /** @type {{type: string, event: import('../timeline.js').EventItem}[]} */
    this.events = [];
    /** @type {import('../live.js').LiveState} */
    this.liveState = {state: 'connecting', why: ''};
    /** @type {{title: string, failure?: unknown} | null} */
    this.sending = null;
    /** @type {import('../api.js').About | null} */
    this.about = null;
    this.followed = '';
    /** @type {{close: () => void} | null} */
    this.reader = null;
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
    clearTimeout(this.timer);
    this.reader?.close();
  }

  again = () => this.requestUpdate();

  begin = () => {
    clearTimeout(this.timer);
    this.look();
    this.readTypes();
  };

  readTypes() {
    return catalogue().then(async ({types}) => {
      this.typesFailure = null;
      this.types = types;
      await this.readIds();
      this.follow();
    }, (failure) => (this.typesFailure = failure));
  }

  async readIds() {
    await Promise.all((this.types ?? []).map(async (type) => {
      let ids = null;
      try {
        const page = await ask(`/api/query${pathOf('v1', type)}?limit=${FIRST_IDS}`);
        ids = page.items.map((/** @type {{id: string}} */ row) => row.id);
      } catch {
        // A type without a view of its own, or a view that is being built.
      }
      this.ids = new Map(this.ids).set(type, ids);
    }));
  }

  /** Again and again, for as long as the screen is there. */
  look = async () => {
    await Promise.all([
      ask('/api/services').then(
        (answer) => { this.services = answer.services; this.servicesFailure = null; },
        (failure) => (this.servicesFailure = failure)),
      ask('/api/query/v1/views').then(
        (answer) => { this.views = answer.items; this.viewsFailure = null; },
        (failure) => (this.viewsFailure = failure)),
      ...(this.typesFailure === null ? [] : [this.readTypes()]),
    ]);
    if (this.isConnected) {
      this.timer = setTimeout(this.look, document.hidden ? 4 * LOOK_MILLIS : LOOK_MILLIS);
    }
  };

  /** One type at a time: a browser has six connections to an origin. */
  follow() {
    const type = this.query.get('live') ?? this.firstUsed ?? this.types?.[0] ?? '';
    if (type === this.followed || type === '') {
      return;
    }
    this.followed = type;
    this.events = [];
    this.reader?.close();
    this.reader = live(`/api/query/v1/${type}/*/events`, {
      onEvent: (event) => (this.events = [{type, event}, ...this.events].slice(0, LAST_EVENTS)),
      onState: (state) => (this.liveState = state),
    });
  }

  get firstUsed() {
    const order = ['orders', ...(this.types ?? [])];
    return order.find((type) => (this.ids.get(type)?.length ?? 0) > 0);
  }

  /** @param {Map<string, unknown>} changed */
  willUpdate(changed) {
    if (changed.has('query') && this.types !== null) {
      this.follow();
    }
  }

  get isEmpty() {
    return this.types !== null && this.types.length > 0 && this.types.every((type) => this.ids.get(type)?.length === 0);
  }

  /** @param {import('../samples.js').Story} story */
  async send(story) {
    this.sending = {title: story.title};
    try {
      if (!await confirmed(`send ${story.commands.length} commands`)) {
        this.sending = null;
        return;
      }
      let version = 0;
      for (const [i, command] of story.commands.entries()) {
        const answer = await ask(`/api/command${command.path}`, {
          method: command.method,
          body: command.body,
          headers: {'Idempotency-Key': `console-sample/${story.type}/${story.id}/${i + 1}`},
        });
        version = answer.version;
      }
      await ask(`/api/query${pathOf('v1', story.type, story.id)}?min_version=${version}&timeout=10`);
      go(pathOf('t', story.type, story.id));
    } catch (failure) {
      this.sending = {title: story.title, failure};
    }
  }

  render() {
    return html`
      <h1 tabindex="-1" class="unseen">What runs</h1>
      ${this.serviceStrip()}
      ${this.isEmpty ? this.firstSteps() : nothing}
      ${this.typeCards()}
      <div class="two even">
        ${this.viewTable()}
        ${this.lastEvents()}
      </div>
      <an-operations class="two even"></an-operations>`;
  }

  serviceStrip() {
    if (this.services === null) {
      return this.servicesFailure === null
        ? html`<section class="panel services" aria-label="Services">${loading(1)}</section>`
        : problem(this.servicesFailure, this.look);
    }
    return html`
      <section class="panel services" aria-label="Services">
        ${this.servicesFailure === null ? nothing : problem(this.servicesFailure, this.look)}
        <ul>${this.services.map((service) => this.service(service))}</ul>
        ${this.services.flatMap((service) => service.instances).filter((each) => each.reasons.length > 0).map((each) => html`
          <div class="reason"><code>${each.address}</code> ${each.reasons.map((reason) => html`<p>${reason}</p>`)}</div>`)}
      </section>`;
  }

  /** @param {Service} service */
  service(service) {
    const ready = service.instances.filter((each) => each.status === 'ready').length;
    const all = service.instances.length;
    const state = ready === all ? 'good' : ready === 0 ? 'bad' : 'warn';
    const text = all === 1 ? service.instances[0].status : `${ready} of ${all} ready`;
    return html`<li><i class="dot ${state}" aria-hidden="true"></i><span>${TITLES[service.service] ?? service.service}</span> <span class="muted">${text}</span></li>`;
  }

  firstSteps() {
    const readOnly = this.about?.readOnly ?? false;
    const stories = STORIES.filter((story) => this.types?.includes(story.needs));
    const url = this.about?.commandUrl ?? 'http://127.0.0.1:8080';
    return html`
      <section class="panel first" aria-label="First steps">
        <h2>Nothing has happened here yet</h2>
        <p>Send the commands of the README and watch what comes of them, or import the orders of a real shop: <code>./annals import online-retail</code></p>
        <div class="stories">${stories.map((story) => html`
          <article>
            <h3>${story.title}</h3><p class="muted">${story.says}</p>
            <button class="button primary" type="button" aria-label="Send ${story.commands.length} commands: ${story.title}" ?disabled=${readOnly || (this.sending !== null && this.sending.failure === undefined)} @click=${() => this.send(story)}>Send ${story.commands.length} commands</button>
            <details><summary>What is sent</summary>${story.commands.map((command) => html`<pre tabindex="0">curl ${command.method === 'POST' ? '' : `-X ${command.method} `}${url}${command.path} \\
  -H 'Content-Type: application/json' -d ${shell(JSON.stringify(command.body))}</pre>`)}</details>
          </article>`)}
        </div>
        ${readOnly ? html`<p class="small">This console is read only: send them with curl.</p>` : nothing}
        ${this.sending?.failure === undefined ? nothing : problem(this.sending.failure)}
      </section>`;
  }

  typeCards() {
    if (this.types === null) {
      return this.typesFailure === null ? html`<section class="cards">${loading(3)}</section>` : problem(this.typesFailure, this.begin);
    }
    return html`
      <section class="cards" aria-label="Aggregate types">${this.types.map((type) => {
        const ids = this.ids.get(type);
        return html`
          <article class="card">
            <h2><a href=${pathOf('t', type)}>${type}</a></h2>
            <p class="ids">${ids === undefined
              ? html`<span class="blank long"></span>`
              : ids === null
                ? html`<span class="muted">can't be listed now</span>`
                : ids.length === 0
                  ? html`<span class="muted">none yet</span>`
                  : ids.slice(0, FIRST_IDS - 1).map((id) => html`<a href=${pathOf('t', type, id)}>${id}</a> `)}${(ids?.length ?? 0) >= FIRST_IDS ? html`<span class="muted">…</span>` : nothing}</p>
          </article>`;
      })}</section>`;
  }

  viewTable() {
    const order = (/** @type {View} */ view) => (view.stopped !== null ? 0 : view.replayInProgress ? 1 : 2);
    const views = this.views === null ? null : [...this.views].sort((a, b) => order(a) - order(b));
    return html`
      <section class="panel" aria-label="Views">
        <h2>Views</h2>
        ${this.viewsFailure === null ? nothing : this.typesFailure === null ? problem(this.viewsFailure, this.look) : html`<p class="muted">They can't be read now.</p>`}
        ${views === null ? (this.viewsFailure === null ? loading(6) : nothing) : html`
          <table>
            <thead><tr><th scope="col">View</th><th scope="col">State</th><th scope="col" class="right">Behind</th><th scope="col" class="right">Generation</th></tr></thead>
            <tbody>${views.map((view) => html`
              <tr>
                <th scope="row"><a href=${pathOf('views', view.name)}>${view.name}</a></th>
                <td>${this.viewState(view)}</td>
                <td class="right">${view.lagRecords === null ? '–' : number(view.lagRecords)}</td>
                <td class="right">${view.generation ?? '–'}</td>
              </tr>
              ${view.stopped === null ? nothing : html`<tr class="detail"><td colspan="4"><div class="reason">${oneLine(view.stopped)}</div></td></tr>`}`)}
            </tbody>
          </table>`}
      </section>`;
  }

  /** @param {View} view */
  viewState(view) {
    const [dot, text] = view.stopped !== null
      ? ['bad', 'stopped']
      : view.replayInProgress ? ['warn', 'being built'] : view.state === 'RUNNING' ? ['good', 'running'] : ['warn', String(view.state).toLowerCase()];
    return html`<span class="state"><i class="dot ${dot}" aria-hidden="true"></i>${text}</span>`;
  }

  lastEvents() {
    return html`
      <section class="panel last-events" aria-label="Last events">
        <div class="panel-head">
          <h2>Now</h2>
          <label class="field">events of
            <select @change=${(/** @type {Event} */ event) => go('/' + queryOf({live: /** @type {HTMLSelectElement} */ (event.target).value}), {replace: true})}>
              ${(this.types ?? []).map((type) => html`<option value=${type} ?selected=${type === this.followed}>${type}</option>`)}
            </select>
          </label>
          <span class="live" data-state=${this.liveState.state} role="status" title=${this.liveState.why}><i aria-hidden="true"></i>${this.liveState.state === 'live' ? 'live' : this.liveState.state === 'connecting' ? 'connecting' : 'comes back'}</span>
        </div>
        ${this.events.length === 0
          ? html`<p class="muted quiet-time">${this.followed === '' ? '\u00a0' : `Waiting for the next event of ${this.followed}.`}</p>`
          : html`<ol class="feed">${this.events.map(({type, event}) => html`
              <li class="fresh"><time datetime=${event.time ?? ''}>${time(event.time)}</time>
                <a href=${pathOf('t', type, event.headers?.ce_subject ?? '') + queryOf({v: event.version})}>${event.headers?.ce_subject ?? ''}</a>
                <span>${shortType(event.type)}</span><span class="muted data">${oneLine(event.data)}</span></li>`)}</ol>`}
      </section>`;
  }
}

customElements.define('an-start', StartScreen);
