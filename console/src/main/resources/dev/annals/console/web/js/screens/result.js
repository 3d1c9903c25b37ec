/** The stored result of a command, by its id. */

import {html, nothing} from '/assets/vendor/lit.js';
import {ask} from '../api.js';
import {number, shell} from '../format.js';
import {Looking} from '../looking.js';
import {pathOf, queryOf} from '../navigation.js';
import {commandLines} from '../parts.js';

/** While it is pending. */
const LOOK_MILLIS = 1_000;
const DONE_MILLIS = 60_000;

class ResultScreen extends Looking {
  static properties = {command: {type: String}, result: {state: true}};

  constructor() {
    super();
    this.command = '';
    /** @type {any} */
    this.result = null;
    this.lookMillis = LOOK_MILLIS;
  }

  async read() {
    this.lookMillis = DONE_MILLIS;
    this.result = await ask(`/api/command${pathOf('v1', 'commands', this.command)}`);
    this.lookMillis = this.result.outcome === 'pending' ? LOOK_MILLIS : DONE_MILLIS;
  }

  render() {
    const result = this.result;
    const url = this.about?.commandUrl ?? 'http://127.0.0.1:8080';
    return html`
      <div class="head"><h1 tabindex="-1"><span class="of">commands</span> ${this.command}</h1></div>
      ${this.failurePart()}
      ${result === null ? this.loadingPart(3) : html`
        <section class="panel outcome" aria-label="Result">
          <h2>${result.outcome}${result.code === undefined ? nothing : html` <code>${result.code}</code>`}</h2>
          ${result.message === undefined ? nothing : html`<p>${result.message}</p>`}
          ${result.aggregateType === undefined ? nothing : html`
            <dl class="facts">
              <div><dt>aggregate</dt><dd><a href=${pathOf('t', result.aggregateType, result.aggregateId)}>${result.aggregateType} ${result.aggregateId}</a></dd></div>
              ${result.version === undefined ? nothing : html`<div><dt>version</dt><dd>${number(result.version)}</dd></div>`}
            </dl>
            <p class="result">${(result.events ?? []).length === 0 ? html`<span class="muted">No events.</span>` : result.events.map((/** @type {any} */ each) => html`
              <a class="chip" href=${pathOf('t', result.aggregateType, result.aggregateId) + queryOf({v: each.version})}>${each.type} ${each.version}</a>`)}</p>`}
        </section>`}
      ${commandLines([`curl ${shell(`${url}${pathOf('v1', 'commands', this.command)}`)}`])}`;
  }
}

customElements.define('an-result', ResultScreen);
