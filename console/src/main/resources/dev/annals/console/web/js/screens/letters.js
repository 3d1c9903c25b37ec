/** Dead letters of a type, newest first: why, what was received, and sent again, one or all of a reason. */

import {html, nothing} from '/assets/vendor/lit.js';
import {ask, catalogue} from '../api.js';
import {confirmed} from '../confirm.js';
import {diff} from '../diff.js';
import {number, shell, time} from '../format.js';
import {Looking} from '../looking.js';
import {pathOf, queryOf} from '../navigation.js';
import {commandLines, loading, problem} from '../parts.js';

const LIMIT = 200;
const BYTES_OF_A_LINE = 16;
const MOST_LINES = 256;

/** Reading them anew asks Kafka each time, with clients of its own. */
const LOOK_MILLIS = 30_000;

/** @typedef {{partition: number, offset: number, time: string, key: string | null, reason: string | null, message: string | null, originTopic: string | null, originPartition: number | null, originOffset: number | null, commandId: string | null, commandType: string | null}} Letter */
/** @typedef {Letter & {headers: Record<string, string | null>, value: string | null, data: Record<string, unknown> | null}} WholeLetter */
/** @typedef {{outcome: string, version: number | null, code: string | null, message: string | null, deadLetter?: {partition: number, offset: number}}} SentAgain */

class LettersScreen extends Looking {
  static properties = {
    type: {type: String},
    letters: {state: true},
    opened: {state: true},
    outcomes: {state: true},
    running: {state: true},
  };

  constructor() {
    super();
    this.type = '';
    /** @type {Letter[] | null} */
    this.letters = null;
    /** @type {{position: string, letter?: WholeLetter, failure?: unknown} | null} */
    this.opened = null;
    /** What came of those that were sent again, by position. @type {Map<string, string>} */
    this.outcomes = new Map();
    /** All of a reason, one after the other. @type {{reason: string, sent: number, all: number, stopped: boolean} | null} */
    this.running = null;
    this.lookMillis = LOOK_MILLIS;
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.stop();
  }

  get path() {
    return pathOf('v1', 'dead-letters', this.type);
  }

  async read() {
    const {types} = await catalogue();
    if (!types.includes(this.type)) {
      throw new Error(`There is no aggregate type '${this.type}'; there are ${types.join(', ')}.`);
    }
    this.letters = (await ask(`/api/command${this.path}?limit=${LIMIT}`)).items;
    const at = this.query.get('at');
    if (at !== null && this.opened?.position !== at) {
      await this.open(at);
    }
  }

  /** @param {Map<string, unknown>} changed */
  willUpdate(changed) {
    const at = this.query.get('at');
    if (changed.has('query') && this.hasUpdated) {
      if (at === null) {
        this.opened = null;
      } else if (this.opened?.position !== at) {
        this.open(at);
      }
    }
  }

  /** @param {string} position */
  async open(position) {
    this.opened = {position};
    try {
      /** @type {WholeLetter} */
      const letter = await ask(`/api/command${this.path}/${position}`);
      this.opened = {position, letter};
    } catch (failure) {
      this.opened = {position, failure};
    }
  }

  get reason() {
    return this.query.get('reason');
  }

  /** @param {Record<string, string | null>} changes */
  address(changes) {
    return pathOf('dead-letters', this.type) + queryOf({reason: this.reason, at: this.query.get('at'), ...changes});
  }

  /** @param {string} position @returns {Promise<string>} what came of it */
  async resend(position) {
    /** @type {SentAgain} */
    const {outcome, version, code, message, deadLetter} = await ask(`/api/command${this.path}/${position}/resend`, {method: 'POST', body: {}});
    const text = [outcome, version === null ? '' : `version ${version}`, code ?? '', message ?? '', deadLetter === undefined ? '' : 'it is a dead letter again']
      .filter((part) => part !== '').join(', ');
    this.outcomes = new Map(this.outcomes).set(position, text);
    return text;
  }

  /** @param {string} reason */
  async resendAll(reason) {
    this.asked = null;
    const positions = (this.letters ?? []).filter((each) => each.reason === reason).map(positionOf).reverse();
    const run = {reason, sent: 0, all: positions.length, stopped: false};
    this.running = run;
    this.done = null;
    try {
      run.stopped = !await confirmed(`send all with the reason ${reason} again`);
      for (const position of positions) {
        if (run.stopped) {
          break;
        }
        await this.resend(position);
        run.sent++;
        this.requestUpdate();
      }
      this.done = {text: `${number(run.sent)} of ${number(run.all)} were sent again${run.stopped ? '; stopped' : ''}.`};
    } catch (failure) {
      this.done = {text: '', failure};
    }
    this.running = null;
    await this.look();
  }

  stop() {
    if (this.running !== null) {
      this.running.stopped = true;
      this.requestUpdate();
    }
  }

  render() {
    const letters = this.letters;
    return html`
      <div class="head"><h1 tabindex="-1"><span class="of">dead letters</span> ${this.type}</h1></div>
      ${this.failurePart()}
      ${this.donePart()}
      ${this.running === null ? nothing : html`
        <p class="result" role="status">${number(this.running.sent)} of ${number(this.running.all)} are sent again <button class="button" type="button" ?disabled=${this.running.stopped} @click=${this.stop}>Stop</button></p>`}
      ${letters === null ? this.loadingPart(6) : letters.length === 0 ? html`<div class="empty"><p><strong>No dead letters of ${this.type}.</strong></p><p>Every command could be read and handled.</p></div>` : html`
        ${this.reasons(letters)}
        <div class="two even">
          ${this.table(letters.filter((each) => this.reason === null || each.reason === this.reason))}
          ${this.openedPart()}
        </div>`}
      ${letters === null ? nothing : commandLines(this.lines())}`;
  }

  /** @param {Letter[]} letters */
  reasons(letters) {
    /** @type {Map<string | null, number>} */
    const counts = new Map();
    letters.forEach((each) => counts.set(each.reason, (counts.get(each.reason) ?? 0) + 1));
    return html`
      <nav class="actions" aria-label="Reasons">
        <a class="button" href=${this.address({reason: null})} aria-current=${this.reason === null ? 'true' : nothing}>all ${letters.length === LIMIT ? `of the last ${LIMIT}` : letters.length}</a>
        ${[...counts].map(([reason, count]) => html`<a class="button" href=${this.address({reason})} aria-current=${this.reason === reason ? 'true' : nothing}>${reason ?? 'without a reason'} ${count}</a>`)}
        ${this.readOnly || this.reason === null ? nothing : html`<button class="button" type="button" ?disabled=${this.running !== null} @click=${this.askAll}>Send all of these again</button>`}
      </nav>`;
  }

  askAll() {
    const reason = this.reason ?? '';
    this.asked = {text: `All dead letters with the reason ${reason} that are listed here are sent again, the oldest first.`, yes: 'Send them', act: () => this.resendAll(reason)};
  }

  /** @param {Letter[]} letters */
  table(letters) {
    return html`
      <section class="panel wide" aria-label="Dead letters" tabindex="0">
        <table>
          <thead><tr><th scope="col">place</th><th scope="col">time</th><th scope="col">key</th><th scope="col">reason</th></tr></thead>
          <tbody>${letters.map((letter) => {
            const position = positionOf(letter);
            return html`
              <tr><th scope="row"><a href=${this.address({at: position})} aria-current=${this.opened?.position === position ? 'true' : nothing}>${position}</a></th>
                <td><time datetime=${letter.time}>${time(letter.time)}</time></td><td>${letter.key ?? '–'}</td><td>${letter.reason ?? '–'}</td></tr>
              ${this.outcomes.has(position) ? html`<tr class="detail"><td colspan="4"><p class="result">Sent again: ${this.outcomes.get(position)}</p></td></tr>` : nothing}`;
          })}</tbody>
        </table>
      </section>`;
  }

  openedPart() {
    const opened = this.opened;
    if (opened === null) {
      return html`<section class="panel muted" aria-label="Dead letter">Open one to see what was received.</section>`;
    }
    if (opened.failure !== undefined) {
      return problem(opened.failure);
    }
    const letter = opened.letter;
    if (letter === undefined) {
      return html`<section class="panel" aria-label="Dead letter">${loading(6)}</section>`;
    }
    const bytes = bytesOf(letter.value);
    return html`
      <section class="panel letter" aria-label="Dead letter">
        <div class="panel-head"><h2>${opened.position} <span class="muted">${letter.commandType ?? ''}</span></h2>
          ${this.readOnly ? nothing : html`<button class="button" type="button" ?disabled=${this.doing || this.running !== null}
            @click=${() => this.act(`send ${opened.position} again`, async () => `Sent again: ${await this.resend(opened.position)}`, '')}>Send again</button>`}</div>
        <div class="reason">${letter.reason}<p>${letter.message}</p></div>
        <dl class="facts">
          <div><dt>received</dt><dd><code>${letter.originTopic} ${letter.originPartition}:${letter.originOffset}</code></dd></div>
          ${letter.commandId === null ? nothing : html`<div><dt>command</dt><dd><a href=${pathOf('commands', letter.commandId)}>${letter.commandId}</a></dd></div>`}
          ${letter.key === null ? nothing : html`<div><dt>aggregate</dt><dd><a href=${pathOf('t', this.type, letter.key)}>${letter.key}</a></dd></div>`}
        </dl>
        <h3>Body</h3>
        ${letter.data === null ? html`<p class="muted">It can't be decoded.</p>` : html`<an-tree .node=${diff(undefined, letter.data)}></an-tree>`}
        <details><summary>Headers</summary><an-tree .node=${diff(undefined, letter.headers)}></an-tree></details>
        <details><summary>${number(bytes.length)} bytes</summary><pre class="bytes" tabindex="0">${hex(bytes)}</pre></details>
      </section>`;
  }

  lines() {
    const url = `${this.about?.commandUrl ?? 'http://127.0.0.1:8080'}${this.path}`;
    const at = this.opened?.position;
    return [
      `curl ${shell(url + queryOf({reason: this.reason}))}`,
      `./annals dead-letters ${shell(this.type)}${this.reason === null ? '' : ` --reason ${shell(this.reason)}`}`,
      ...(at === undefined ? [] : [`curl -X POST ${shell(`${url}/${at}/resend`)}`, `./annals dead-letters ${shell(this.type)} --send-again ${at}`]),
    ];
  }
}

/** @param {Letter} letter */
function positionOf(letter) {
  return `${letter.partition}:${letter.offset}`;
}

/** @param {string | null} base64 */
function bytesOf(base64) {
  return Uint8Array.from(atob(base64 ?? ''), (character) => character.charCodeAt(0));
}

/** As hexdump -C has them. @param {Uint8Array} bytes */
function hex(bytes) {
  const lines = [];
  for (let at = 0; at < bytes.length && lines.length < MOST_LINES; at += BYTES_OF_A_LINE) {
    const part = [...bytes.subarray(at, at + BYTES_OF_A_LINE)];
    const text = part.map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.')).join('');
    lines.push(`${at.toString(16).padStart(6, '0')}  ${part.map((byte) => byte.toString(16).padStart(2, '0')).join(' ').padEnd(3 * BYTES_OF_A_LINE - 1)}  ${text}`);
  }
  if (bytes.length > MOST_LINES * BYTES_OF_A_LINE) {
    lines.push('…');
  }
  return lines.join('\n');
}

customElements.define('an-letters', LettersScreen);
