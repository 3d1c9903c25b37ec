/** The settings that count, by service: their values and where they were set; secrets only as such. */

import {html, live as asShown, nothing} from '/assets/vendor/lit.js';
import {ask} from '../api.js';
import {Looking} from '../looking.js';
import {go, queryOf} from '../navigation.js';
import {commandLines, problem} from '../parts.js';

const SERVICES = ['command', 'query', 'projector', 'process'];
/** @type {Record<string, string>} */
const TITLES = {command: 'Commands', query: 'Queries', projector: 'Projector', process: 'Processes'};

/** They count from the start of a service. */
const LOOK_MILLIS = 60_000;

/** @typedef {{key: string, value: string | null, source: string, secret: boolean}} Setting */
/** @typedef {{items: Setting[], versions: Record<string, string>}} Settings */

class SettingsScreen extends Looking {
  static properties = {services: {state: true}};

  constructor() {
    super();
    /** @type {{service: string, answer?: Settings, failure?: unknown}[] | null} */
    this.services = null;
    this.lookMillis = LOOK_MILLIS;
  }

  async read() {
    this.services = await Promise.all(SERVICES.map(async (service) => {
      try {
        return {service, answer: await ask(`/api/${service}/settings.json`)};
      } catch (failure) {
        return {service, failure};
      }
    }));
  }

  render() {
    const words = (this.query.get('q') ?? '').toLowerCase();
    const isShown = (/** @type {Setting} */ each) => `${each.key} ${each.value ?? ''} ${each.source}`.toLowerCase().includes(words);
    const about = this.about;
    return html`
      <div class="head"><h1 tabindex="-1">Settings</h1></div>
      <section class="panel" aria-label="Find">
        <label class="field">Filter <input type="text" autocomplete="off" spellcheck="false" .value=${asShown(this.query.get('q') ?? '')}
          @input=${(/** @type {Event} */ event) => go('/settings' + queryOf({q: /** @type {HTMLInputElement} */ (event.target).value}), {replace: true})}></label>
      </section>
      ${this.services === null ? this.loadingPart(8) : this.services.map(({service, answer, failure}) => html`
        <section class="panel wide" aria-label=${service} tabindex="0">
          <h2>${TITLES[service]} <span class="muted">${Object.entries(answer?.versions ?? {}).map(([name, version]) => `${name} ${version}`).join(', ')}</span></h2>
          ${failure === undefined ? nothing : problem(failure, this.look)}
          ${answer === undefined ? nothing : settingsTable(answer.items.filter(isShown))}
        </section>`)}
      ${about === null ? nothing : commandLines([about.commandUrl, about.queryUrl, about.projectorUrl, about.processUrl].map((url) => `curl ${url}/settings.json`))}`;
  }
}

/** @param {Setting[]} items */
function settingsTable(items) {
  return items.length === 0 ? html`<p class="muted">None of these.</p>` : html`
    <table>
      <thead><tr><th scope="col">setting</th><th scope="col">value</th><th scope="col">set by</th></tr></thead>
      <tbody>${items.map((each) => html`
        <tr><th scope="row"><code>${each.key}</code></th><td class="wraps">${each.secret ? html`<span class="tag">secret</span>` : (each.value ?? html`<span class="muted">not set</span>`)}</td><td class="muted">${each.source}</td></tr>`)}</tbody>
    </table>`;
}

customElements.define('an-settings', SettingsScreen);
