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
    /** @type {import('../api.js').Result | null} */
    this.result = null;
    this.lookMillis = LOOK_MILLIS;
  }

  async read() {
    this.lookMillis = DONE_MILLIS;
    /** @type {import('../api.js').Result} */
    const result = await ask(`/api/command${pathOf('v1', 'commands', this.command)}`);
    this.result = result;
    this.lookMillis = result.outcome === 'pending' ? LOOK_MILLIS : DONE_MILLIS;
  }

  render() {
    const result = this.result;
    const {aggregateType = '', aggregateId = '', events = []} = result ?? {};
    const url = this.about?.commandUrl ?? 'http://127.0.0.1:8080';
    return html`
      <div class="head"><h1 tabindex="-1"><span class="of">commands</span> ${this.command}</h1></div>
      ${this.failurePart()}
      ${result === null ? this.loadingPart(3) : html`
        <section class="panel outcome" aria-label="Result">
          <h2>${result.outcome}${result.code === undefined ? nothing : html` <code>${result.code}</code>`}</h2>
          ${result.message === undefined ? nothing : html`<p>${result.message}</p>`}
          ${aggregateType === '' ? nothing : html`
            <dl class="facts">
              <div><dt>aggregate</dt><dd><a href=${pathOf('t', aggregateType, aggregateId)}>${aggregateType} ${aggregateId}</a></dd></div>
              ${result.version === undefined ? nothing : html`<div><dt>version</dt><dd>${number(result.version)}</dd></div>`}
            </dl>
            <p class="result">${events.length === 0 ? html`<span class="muted">No events.</span>` : events.map((each) => html`
              <a class="chip" href=${pathOf('t', aggregateType, aggregateId) + queryOf({v: each.version})}>${each.type} ${each.version}</a>`)}</p>`}
        </section>`}
      ${commandLines([`curl ${shell(`${url}${pathOf('v1', 'commands', this.command)}`)}`])}`;
  }
}

customElements.define('an-result', ResultScreen);
