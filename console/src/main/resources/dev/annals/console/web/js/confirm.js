/** Typed confirmation: who changes something where the installation is production types its name first. */

import {html} from '/assets/vendor/lit.js';
import {about} from './api.js';
import {Part} from './parts.js';

/**
 * Whether it may be done: at once where the installation is not production.
 *
 * @param {string} what would be done, as in "send Deposit to ada" @returns {Promise<boolean>}
 */
export async function confirmed(what) {
  const {production} = await about();
  return production === '' || /** @type {Confirm} */ (document.querySelector('an-confirm')).ask(production, what);
}

class Confirm extends Part {
  static properties = {name: {state: true}, what: {state: true}, typed: {state: true}};

  constructor() {
    super();
    this.name = '';
    this.what = '';
    this.typed = '';
    /** @param {boolean} _yes */
    this.answer = (_yes) => {};
  }

  get dialog() {
    return /** @type {HTMLDialogElement} */ (this.querySelector('dialog'));
  }

  /** @param {string} name @param {string} what @returns {Promise<boolean>} */
  async ask(name, what) {
    this.answer(false); // of a question that is open
    this.name = name;
    this.what = what;
    this.typed = '';
    await this.updateComplete;
    this.dialog.showModal();
    return new Promise((answer) => (this.answer = answer));
  }

  /** @param {boolean} yes */
  close(yes) {
    this.answer(yes);
    this.answer = () => {};
    this.dialog.close();
  }

  render() {
    return html`
      <dialog aria-labelledby="confirm-title" @close=${() => this.close(false)}>
        <form class="form" @submit=${(/** @type {Event} */ event) => { event.preventDefault(); if (this.typed === this.name) { this.close(true); } }}>
          <h2 id="confirm-title">This is production</h2>
          <div class="form-field">
            <label for="confirm-name">Type <strong>${this.name}</strong> to ${this.what}</label>
            <input id="confirm-name" type="text" autocomplete="off" spellcheck="false" .value=${this.typed}
              @input=${(/** @type {Event} */ event) => (this.typed = /** @type {HTMLInputElement} */ (event.target).value)}>
          </div>
          <p class="actions">
            <button class="button primary" type="submit" ?disabled=${this.typed !== this.name}>Do it</button>
            <button class="button" type="button" @click=${() => this.close(false)}>Cancel</button>
          </p>
        </form>
      </dialog>`;
  }
}

customElements.define('an-confirm', Confirm);
