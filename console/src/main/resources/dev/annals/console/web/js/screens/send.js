/**
 * A command to an aggregate, by a form of its fields: tried without a trace, or sent. What came of it stands below, and
 * the next one goes by the version that it left.
 */

import {html, live as asShown, nothing} from '/assets/vendor/lit.js';
import {about, ask, Problem} from '../api.js';
import {confirmed} from '../confirm.js';
import {diff} from '../diff.js';
import {exampleDraft} from '../form.js';
import {number, shell} from '../format.js';
import {pathOf, queryOf} from '../navigation.js';
import {commands, emptyDraft, valueOf} from '../openapi.js';
import {commandLines, loading, Part, problem, soon} from '../parts.js';

class SendScreen extends Part {
  static properties = {
    type: {type: String},
    aggregate: {type: String},
    command: {type: String},
    query: {attribute: false},
    found: {state: true},
    failure: {state: true},
    draft: {state: true},
    expected: {state: true},
    key: {state: true},
    busy: {state: true},
    outcome: {state: true},
    about: {state: true},
  };

  constructor() {
    super();
    this.type = '';
    this.aggregate = '';
    this.command = '';
    /** @type {import('../openapi.js').Command | null} */
    this.found = null;
    /** @type {unknown} */
    this.failure = null;
    /** @type {import('../openapi.js').Draft} */
    this.draft = {};
    /** The version that the aggregate must have, as text: '' for any, 0 where it must not be there. */
    this.expected = '';
    this.key = newKey();
    this.busy = false;
    /** @type {{tried: boolean, answer: import('../api.js').Result, failure?: undefined} | {tried: boolean, answer?: undefined, failure: unknown} | null} */
    this.outcome = null;
    /** @type {import('../api.js').About | null} */
    this.about = null;
  }

  connectedCallback() {
    super.connectedCallback();
    window.addEventListener('annals-token', this.begin);
    this.begin();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    window.removeEventListener('annals-token', this.begin);
    clearTimeout(this.retry);
  }

  begin = async () => {
    clearTimeout(this.retry);
    try {
      const [answer, all] = await Promise.all([about(), commands(), this.readVersion()]);
      this.about = answer;
      const found = all.find((each) => each.type === this.type && each.name === this.command);
      if (found === undefined) {
        const names = all.filter((each) => each.type === this.type).map((each) => each.name).join(', ');
        this.failure = `There is no command '${this.command}' of ${this.type}${names === '' ? '' : `; there are ${names}`}.`;
        return;
      }
      this.failure = null;
      this.draft = this.found === null ? emptyDraft(found.schema) : this.draft;
      this.found = found;
    } catch (failure) {
      this.failure = failure;
      this.retry = this.isConnected ? soon(failure, this.begin) : undefined;
    }
  };

  /** Where it can't be read, for instance because nobody may, none is expected. */
  async readVersion() {
    try {
      const {version} = await ask(`/api/query${pathOf('v1', this.type, this.aggregate, 'state')}`);
      this.expected = String(version);
    } catch (failure) {
      this.expected = failure instanceof Problem && failure.status === 404 ? '0' : '';
    }
  }

  get body() {
    return this.found === null ? {} : (valueOf(this.found.schema, this.draft) ?? {});
  }

  get path() {
    return pathOf('v1', this.type, this.aggregate, this.command);
  }

  /** @returns {Record<string, string>} */
  get headers() {
    return {
      'Idempotency-Key': this.key,
      ...(this.expected === '' ? {} : this.expected === '0' ? {'If-None-Match': '*'} : {'If-Match': `"${this.expected}"`}),
    };
  }

  /** @param {boolean} tried */
  async send(tried) {
    this.busy = true;
    try {
      if (!tried && !await confirmed(`send ${this.command} to ${this.aggregate}`)) {
        return;
      }
      this.outcome = null;
      /** @type {import('../api.js').Result} */
      const answer = await ask(`/api/command${this.path}${queryOf({'dry-run': tried ? 'true' : null})}`, {
        method: 'POST',
        body: this.body,
        headers: {...this.headers, ...(tried ? {} : {Prefer: 'return=representation'})},
      });
      this.outcome = {tried, answer};
      if (!tried) {
        this.sent(answer.version);
      }
    } catch (failure) {
      this.outcome = {tried, failure};
      if (!tried && failure instanceof Problem && failure.more.outcome !== undefined) {
        this.sent(undefined); // it has a result, which a repeat under the same key would get
      }
    } finally {
      this.busy = false;
    }
    await this.updateComplete;
    this.querySelector('[aria-invalid="true"]')?.scrollIntoView({block: 'center'});
  }

  /** @param {number | undefined} version */
  sent(version) {
    this.key = newKey();
    if (version !== undefined && this.expected !== '') {
      this.expected = String(version);
    }
  }

  /** @returns {import('../form.js').FieldError[]} */
  get errors() {
    const failure = this.outcome?.failure;
    return failure instanceof Problem ? /** @type {import('../form.js').FieldError[]} */ (failure.more.errors ?? []) : [];
  }

  render() {
    return html`
      <div class="head"><h1 tabindex="-1"><span class="of">${this.type}</span> <span class="of">${this.aggregate}</span> ${this.command}</h1></div>
      ${this.failure === null ? nothing : problem(this.failure, this.begin)}
      ${this.found === null ? (this.failure === null ? html`<section class="panel">${loading(6)}</section>` : nothing) : html`
        <div class="two even">
          ${this.form(this.found)}
          <div class="stack">${this.result()}${commandLines(this.lines())}</div>
        </div>`}`;
  }

  /** @param {import('../openapi.js').Command} found */
  form(found) {
    const readOnly = this.about?.readOnly ?? false;
    const known = Object.keys(found.schema.properties ?? {}).length > 0;
    return html`
      <form class="panel" aria-label="Command" @submit=${(/** @type {Event} */ event) => { event.preventDefault(); this.send(true); }}>
        <div class="panel-head"><h2>${found.summary.replace(/^Command: /, '')}</h2>
          ${known ? html`<button class="button" type="button" @click=${() => { this.draft = exampleDraft(found); this.outcome = null; }}>Fill in the example</button>` : nothing}</div>
        <an-form .schema=${found.schema} .draft=${this.draft} .errors=${this.errors} @draft=${() => this.requestUpdate()}></an-form>
        <div class="form conditions">
          <div class="form-field">
            <label for="expected">Expected version <span class="muted small">optional</span></label>
            <input id="expected" type="text" inputmode="numeric" pattern="[0-9]*" autocomplete="off" aria-describedby="expected-doc" .value=${asShown(this.expected)}
              @input=${(/** @type {Event} */ event) => (this.expected = /** @type {HTMLInputElement} */ (event.target).value.trim())}>
            <p class="small muted" id="expected-doc">The command is rejected where the aggregate has another one; 0: where it is there. Empty: any.</p>
          </div>
          <div class="form-field">
            <label for="key">Idempotency-Key</label>
            <input id="key" type="text" required autocomplete="off" spellcheck="false" aria-describedby="key-doc" .value=${asShown(this.key)}
              @input=${(/** @type {Event} */ event) => (this.key = /** @type {HTMLInputElement} */ (event.target).value.trim())}>
            <p class="small muted" id="key-doc">The command's id. It stays until there is a result: to send again has no second effect.</p>
          </div>
        </div>
        ${readOnly ? html`<p class="muted">This console is read only: send it with curl.</p>` : html`
          <p class="actions">
            <button class="button" type="submit" ?disabled=${this.busy}>Try</button>
            <button class="button primary" type="button" ?disabled=${this.busy} @click=${() => this.send(false)}>Send</button>
            <span class="small muted">Try tells what would come of it, and writes nothing.</span>
          </p>`}
      </form>`;
  }

  result() {
    if (this.busy) {
      return html`<section class="panel" aria-label="Result">${loading(2)}</section>`;
    }
    if (this.outcome === null) {
      return nothing;
    }
    const {tried, answer} = this.outcome;
    if (answer === undefined) {
      const failure = this.outcome.failure;
      const decided = failure instanceof Problem && failure.more.outcome !== undefined;
      return html`<section class="panel outcome" aria-label="Result" role="status">
        <h2>${decided ? (tried ? `It would be ${failure.more.outcome}; nothing was sent` : `It was ${failure.more.outcome}`) : tried || (failure instanceof Problem && failure.status < 500) ? 'It was not sent' : 'It may not have been taken: send it again, the key stays'}</h2>
        ${problem(failure)}</section>`;
    }
    const address = pathOf('t', this.type, this.aggregate);
    const events = answer.events ?? [];
    return html`
      <section class="panel outcome" aria-label="Result" role="status">
        <h2>${tried ? 'It would be accepted; nothing was sent' : answer.outcome === 'pending' ? 'It is on its way' : `It was ${answer.outcome}`}</h2>
        ${tried || answer.commandId === undefined ? nothing : html`<p>Command <a href=${pathOf('commands', answer.commandId)}>${answer.commandId}</a>${answer.version === undefined ? nothing : html`, <a href=${address + queryOf({v: answer.version})}>version ${number(answer.version)}</a>`}</p>`}
        ${events.length === 0 && answer.outcome !== 'pending' ? html`<p class="muted">No event: there is nothing to change.</p>` : nothing}
        ${events.map((event) => html`
          <h3>${event.type} ${tried ? html`<span class="muted">version ${number(event.version)}</span>` : html`<a href=${address + queryOf({v: event.version})}>version ${number(event.version)}</a>`}</h3>
          ${event.data === undefined ? nothing : html`<an-tree .node=${diff(undefined, event.data)}></an-tree>`}`)}
      </section>`;
  }

  lines() {
    const url = this.about?.commandUrl ?? 'http://127.0.0.1:8080';
    const body = JSON.stringify(this.body);
    const given = Object.entries(this.headers).map(([name, value]) => ` -H ${shell(`${name}: ${value}`)}`).join('');
    const curl = (/** @type {string} */ query) => `curl -X POST ${shell(url + this.path + query)} -H 'Content-Type: application/json'${given} -d ${shell(body)}`;
    const condition = this.expected === '' ? '' : this.expected === '0' ? ' --if-none-match' : ` --if-match ${shell(this.expected)}`;
    return [
      curl('?dry-run=true'),
      curl(''),
      `./annals send ${shell(this.type)} ${shell(this.aggregate)} ${shell(this.command)} ${shell(body)} --id ${shell(this.key)}${condition}`,
    ];
  }
}

/** crypto.randomUUID is there in secure contexts alone, which http on another machine is not. */
function newKey() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

customElements.define('an-send', SendScreen);
