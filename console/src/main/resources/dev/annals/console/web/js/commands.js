/** The commands of a type, to choose one of: for an aggregate, or for a new id. Not there where nothing may be sent. */

import {html, nothing} from '/assets/vendor/lit.js';
import {about} from './api.js';
import {go, pathOf} from './navigation.js';
import {commands} from './openapi.js';
import {Part} from './parts.js';

class Commands extends Part {
  static properties = {
    type: {type: String},
    aggregate: {type: String},
    names: {state: true},
  };

  constructor() {
    super();
    this.type = '';
    /** '' for one that is asked for. */
    this.aggregate = '';
    /** @type {string[]} */
    this.names = [];
  }

  connectedCallback() {
    super.connectedCallback();
    Promise.all([about(), commands()]).then(
      ([{readOnly}, all]) => (this.names = readOnly ? [] : all.filter((each) => each.type === this.type).map((each) => each.name)),
      () => {}); // the screen around it says what is away
  }

  /** @param {SubmitEvent} event */
  choose(event) {
    event.preventDefault();
    const data = new FormData(/** @type {HTMLFormElement} */ (event.currentTarget));
    const id = this.aggregate || String(data.get('new-id') ?? '').trim();
    if (id !== '') {
      go(pathOf('t', this.type, id, 'send', String(data.get('command'))));
    }
  }

  render() {
    if (this.names.length === 0) {
      return nothing;
    }
    return html`
      <form class="field" @submit=${this.choose}>
        ${this.aggregate === '' ? html`<label for="new-id">New id</label><input id="new-id" name="new-id" type="text" required autocomplete="off" spellcheck="false">` : nothing}
        <select name="command" aria-label="Command">${this.names.map((name) => html`<option value=${name}>${name}</option>`)}</select>
        <button class="button" type="submit">Send…</button>
      </form>`;
  }
}

customElements.define('an-commands', Commands);
