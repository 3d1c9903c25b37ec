/** What needs somebody: processes with their parked instances first, and dead letters by type. A part of the start page. */

import {html, nothing} from '/assets/vendor/lit.js';
import {ask, catalogue} from './api.js';
import {Looking} from './looking.js';
import {pathOf, queryOf} from './navigation.js';
import {loading, problem} from './parts.js';

/** The most instances that are named. */
const PARKED = 5;
const LOOK_MILLIS = 30_000;

class Operations extends Looking {
  static properties = {processes: {state: true}, letters: {state: true}};

  constructor() {
    super();
    /** @type {{name: string, state: string | null, parked: import('./instances.js').Instance[], more: boolean}[] | null} */
    this.processes = null;
    /** Whether a type has dead letters; null where nobody can tell now. @type {Map<string, boolean | null>} */
    this.letters = new Map();
    this.lookMillis = LOOK_MILLIS;
  }

  async read() {
    const {types, processes} = await catalogue();
    /** @type {{name: string, state: string}[]} */
    const states = await ask('/api/process/v1/processes').then((answer) => answer.processes, () => []);
    this.processes = (await Promise.all(processes.map(async (name) => {
      const page = await ask(`/api/query${pathOf('v1', 'processes', name)}?status=parked&limit=${PARKED}`);
      return {name, state: states.find((each) => each.name === name)?.state ?? null, parked: page.items, more: page.nextCursor !== null};
    }))).sort((a, b) => b.parked.length - a.parked.length);
    for (const type of types) { // one after the other: each has the service ask Kafka
      let has = null;
      try {
        has = (await ask(`/api/command${pathOf('v1', 'dead-letters', type)}?limit=1`)).items.length > 0;
      } catch {
        // Its own screen says why.
      }
      this.letters = new Map(this.letters).set(type, has);
      if (!this.isConnected) {
        return;
      }
    }
  }

  render() {
    return html`
      <section class="panel" aria-label="Processes">
        <h2>Processes</h2>
        ${this.failure === null ? nothing : problem(this.failure, this.look)}
        ${this.processes === null ? (this.failure === null ? loading(3) : nothing) : this.processes.length === 0 ? html`<p class="muted">None is installed.</p>` : html`
          <table>
            <thead><tr><th scope="col">Process</th><th scope="col">State</th><th scope="col">Parked</th></tr></thead>
            <tbody>${this.processes.map((process) => html`
              <tr>
                <th scope="row"><a href=${pathOf('processes', process.name)}>${process.name}</a></th>
                <td><span class="state"><i class="dot ${process.state === 'RUNNING' ? 'good' : 'warn'}" aria-hidden="true"></i>${process.state?.toLowerCase() ?? 'not known'}</span></td>
                <td>${process.parked.length === 0
                  ? html`<span class="muted">none</span>`
                  : html`<a href=${pathOf('processes', process.name) + queryOf({status: 'parked'})}>${process.parked.length}${process.more ? ' and more' : ''}</a>`}</td>
              </tr>
              ${process.parked.length === 0 ? nothing : html`<tr class="detail"><td colspan="3">${process.parked.map((each) => html`
                <div class="reason"><a href=${pathOf('processes', process.name, each.id)}>${each.id}</a> ${each.reason}</div>`)}</td></tr>`}`)}</tbody>
          </table>`}
      </section>
      <section class="panel" aria-label="Dead letters">
        <h2>Dead letters</h2>
        <ul class="actions">${[...this.letters].map(([type, has]) => html`
          <li class="state"><i class="dot ${has === null ? 'warn' : has ? 'bad' : 'good'}" aria-hidden="true"></i><a href=${pathOf('dead-letters', type)}>${type}</a> <span class="muted">${has === null ? 'not known' : has ? 'some' : 'none'}</span></li>`)}</ul>
        <p class="small"><a href="/views">Views</a> · <a href="/map">Map</a> · <a href="/settings">Settings</a></p>
      </section>`;
  }
}

customElements.define('an-operations', Operations);
