/** What the installed domains have, from the services' own documents: types with their commands and events, and what follows them. */

import {html, nothing} from '/assets/vendor/lit.js';
import {ask} from '../api.js';
import {Looking} from '../looking.js';
import {pathOf} from '../navigation.js';
import {commands} from '../openapi.js';
import {commandLines} from '../parts.js';

/** Other domains come with a start. */
const LOOK_MILLIS = 60_000;

/** @typedef {{items: {name: string, follows: string[], sendsTo: string[]}[]}} Processes */

class MapScreen extends Looking {
  static properties = {types: {state: true}};

  constructor() {
    super();
    /** @type {{name: string, commands: string[], events: string[], views: string[], follows: string[], sends: string[]}[] | null} */
    this.types = null;
    this.lookMillis = LOOK_MILLIS;
  }

  async read() {
    /** @type {[import('../api.js').Index, Processes, import('../openapi.js').Command[]]} */
    const [index, processes, all] = await Promise.all([ask('/api/query'), ask('/api/query/v1/processes'), commands()]);
    this.types = index.aggregateTypes.map((type) => ({
      name: type.name,
      commands: all.filter((each) => each.type === type.name).map((each) => each.name),
      events: type.eventTypes,
      views: index.views.filter((view) => view.aggregateType === type.name).map((view) => view.name),
      follows: processes.items.filter((each) => each.follows.includes(type.name)).map((each) => each.name),
      sends: processes.items.filter((each) => each.sendsTo.includes(type.name)).map((each) => each.name),
    }));
  }

  render() {
    const url = this.about?.queryUrl ?? 'http://127.0.0.1:8081';
    return html`
      <div class="head"><h1 tabindex="-1">Map</h1></div>
      ${this.failurePart()}
      ${this.types === null ? this.loadingPart(10) : this.types.map((type) => html`
        <section class="panel map" aria-label=${type.name}>
          <h2><a href=${pathOf('t', type.name)}>${type.name}</a></h2>
          <div class="map-columns">
            ${column('Commands', type.commands, type.sends.map((name) => [`sent by ${name}`, pathOf('processes', name)]))}
            ${column('Events', type.events, [])}
            ${column('Followed by', [], [...type.views.map((name) => [`view ${name}`, pathOf('views', name)]), ...type.follows.map((name) => [`process ${name}`, pathOf('processes', name)])])}
          </div>
        </section>`)}
      ${this.types === null ? nothing : commandLines([`curl ${url}/`, `curl ${url}/v1/processes`, `curl ${this.about?.commandUrl ?? 'http://127.0.0.1:8080'}/openapi.json`])}`;
  }
}

/** @param {string} title @param {string[]} names @param {string[][]} links text and address */
function column(title, names, links) {
  return html`
    <div><h3>${title}</h3>
      <ul>${names.map((name) => html`<li>${name}</li>`)}${links.map(([text, address]) => html`<li><a href=${address}>${text}</a></li>`)}
        ${names.length + links.length === 0 ? html`<li class="muted">none</li>` : nothing}</ul></div>`;
}

customElements.define('an-map', MapScreen);
