/** A screen that reads what it shows again and again, for as long as it is there. */

import {html, nothing} from '/assets/vendor/lit.js';
import {about, Problem} from './api.js';
import {confirmed} from './confirm.js';
import {loading, Part, problem} from './parts.js';

const LOOK_MILLIS = 5_000;

export class Looking extends Part {
  /** @type {Record<string, object>} */
  static properties = {
    query: {attribute: false},
    about: {state: true},
    failure: {state: true},
    doing: {state: true},
    done: {state: true},
    asked: {state: true},
  };

  constructor() {
    super();
    /** @type {URLSearchParams} */
    this.query = new URLSearchParams();
    /** @type {import('./api.js').About | null} */
    this.about = null;
    /** @type {unknown} */
    this.failure = null;
    /** Whether an operation is under way. */
    this.doing = false;
    /** What came of the last operation. @type {{text: string, failure?: unknown} | null} */
    this.done = null;
    /** A question that stands before an operation. @type {{text: string, yes: string, act: () => void} | null} */
    this.asked = null;
    this.lookMillis = LOOK_MILLIS;
  }

  connectedCallback() {
    super.connectedCallback();
    window.addEventListener('annals-token', this.look);
    window.addEventListener('annals-zone', this.again);
    about().then((answer) => (this.about = answer), () => {});
    this.look();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    window.removeEventListener('annals-token', this.look);
    window.removeEventListener('annals-zone', this.again);
    clearTimeout(this.timer);
  }

  again = () => this.requestUpdate();

  /** Reads what the screen shows. @returns {Promise<void>} */
  async read() {}

  look = async () => {
    clearTimeout(this.timer);
    try {
      await this.read();
      this.failure = null;
    } catch (failure) {
      this.failure = failure instanceof Error && !(failure instanceof Problem) ? failure.message : failure;
    }
    clearTimeout(this.timer);
    if (this.isConnected) {
      this.timer = setTimeout(this.look, document.hidden ? 4 * this.lookMillis : this.lookMillis);
    }
  };

  /**
   * Does something, says what came of it, and looks again.
   *
   * @param {string} what would be done @param {() => Promise<string | void>} operation
   * @param {string} text what was done, unless the operation says it
   */
  async act(what, operation, text) {
    this.asked = null;
    this.doing = true;
    this.done = null;
    try {
      if (!await confirmed(what)) {
        return;
      }
      this.done = {text: (await operation()) ?? text};
    } catch (failure) {
      this.done = {text: '', failure};
    } finally {
      this.doing = false;
    }
    await this.look();
  }

  get readOnly() {
    return this.about?.readOnly ?? true; // until it is known
  }

  failurePart() {
    return this.failure === null ? nothing : problem(this.failure, this.look);
  }

  /** @param {number} lines */
  loadingPart(lines) {
    return this.failure === null ? html`<section class="panel">${loading(lines)}</section>` : nothing;
  }

  donePart() {
    return html`
      ${this.asked === null ? nothing : html`
        <div class="question" role="alertdialog" aria-label="Sure?"><p>${this.asked.text}</p>
          <p class="actions"><button class="button primary" type="button" @click=${() => this.asked?.act()}>${this.asked.yes}</button>
          <button class="button" type="button" @click=${() => (this.asked = null)}>No</button></p></div>`}
      ${this.done === null ? nothing : this.done.failure === undefined ? html`<p class="result" role="status">${this.done.text}</p>` : problem(this.done.failure)}`;
  }
}
