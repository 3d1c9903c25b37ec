/** The instances of a process, by their status: parked ones need somebody. */

import {html, nothing} from '/assets/vendor/lit.js';
import {ask} from '../api.js';
import {shell, time} from '../format.js';
import {statusMark} from '../instances.js';
import {Looking} from '../looking.js';
import {pathOf, queryOf} from '../navigation.js';
import {commandLines} from '../parts.js';

const PAGE = 50;
const STATUSES = ['parked', 'running', 'ended'];

class ProcessScreen extends Looking {
  static properties = {
    process: {type: String},
    pages: {state: true},
    items: {state: true},
    cursor: {state: true},
  };

  constructor() {
    super();
    this.process = '';
    this.pages = 1;
    /** @type {import('../instances.js').Instance[] | null} */
    this.items = null;
    /** @type {string | null} */
    this.cursor = null;
  }

  /** @param {Map<string, unknown>} changed */
  willUpdate(changed) {
    if (changed.has('query') && this.hasUpdated) {
      this.items = null;
      this.pages = 1;
      this.look();
    }
  }

  get status() {
    return this.query.get('status');
  }

  /** @param {string | null} cursor */
  path(cursor) {
    return `${pathOf('v1', 'processes', this.process)}${queryOf({status: this.status, limit: PAGE, cursor})}`;
  }

  async read() {
    const status = this.status;
    let items = /** @type {import('../instances.js').Instance[]} */ ([]);
    let cursor = null;
    for (let page = 0; page < this.pages; page++) {
      const answer = await ask(`/api/query${this.path(cursor)}`);
      items = [...items, ...answer.items];
      cursor = answer.nextCursor;
      if (cursor === null) {
        break;
      }
    }
    if (status === this.status) {
      this.items = items;
      this.cursor = cursor;
    }
  }

  render() {
    const items = this.items;
    return html`
      <div class="head"><h1 tabindex="-1"><span class="of">processes</span> ${this.process}</h1></div>
      <nav class="actions" aria-label="Status">
        ${[null, ...STATUSES].map((status) => html`<a class="button" href=${pathOf('processes', this.process) + queryOf({status})} aria-current=${this.status === status ? 'true' : nothing}>${status ?? 'all'}</a>`)}
      </nav>
      ${this.failurePart()}
      ${items === null ? this.loadingPart(8) : items.length === 0 && this.cursor === null ? html`<div class="empty"><p><strong>No instance${this.status === null ? '' : ` is ${this.status}`}.</strong></p></div>` : html`
        <section class="panel wide" aria-label="Instances" tabindex="0">
          <table>
            <thead><tr><th scope="col">id</th><th scope="col">status</th><th scope="col" class="right">entries</th><th scope="col">last input</th></tr></thead>
            <tbody>${items.map((item) => html`
              <tr><th scope="row"><a href=${pathOf('processes', this.process, item.id)}>${item.id}</a></th><td>${statusMark(item.status)}</td><td class="right">${item.version}</td><td><time datetime=${item.time ?? ''}>${time(item.time)}</time></td></tr>
              ${item.reason === null ? nothing : html`<tr class="detail"><td colspan="4"><div class="reason">${item.reason}</div></td></tr>`}`)}</tbody>
          </table>
          ${this.cursor === null ? nothing : html`<p class="more"><button class="button" type="button" @click=${() => { this.pages++; this.look(); }}>More</button></p>`}
        </section>`}
      ${items === null ? nothing : commandLines([
        `curl ${shell(`${this.about?.queryUrl ?? 'http://127.0.0.1:8081'}${this.path(null)}`)}`,
        `./annals processes ${shell(this.process)}${this.status === 'parked' ? ' --parked' : ''}`,
      ])}`;
  }
}

customElements.define('an-process', ProcessScreen);
