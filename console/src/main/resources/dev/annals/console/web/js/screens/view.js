/** A view: its generations, a replay with how far it is, and what to do where it has stopped. */

import {html, nothing} from '/assets/vendor/lit.js';
import {ask} from '../api.js';
import {number, shell} from '../format.js';
import {generationTable, isComing, placeOf, stopPart} from '../generations.js';
import {Looking} from '../looking.js';
import {pathOf} from '../navigation.js';
import {commandLines} from '../parts.js';

const BUILDING_MILLIS = 1_000;
const RESTING_MILLIS = 5_000;

class ViewScreen extends Looking {
  static properties = {
    view: {type: String},
    generations: {state: true},
    inPlace: {state: true},
  };

  constructor() {
    super();
    this.view = '';
    /** @type {import('../generations.js').Generation[] | null} */
    this.generations = null;
    this.inPlace = false;
    /** Of the generation that comes: the most that it was behind, and when that was seen. @type {{generation: number, lag: number, at: number} | null} */
    this.most = null;
  }

  async read() {
    /** @type {import('../generations.js').Generation[]} */
    const views = (await ask('/api/projector/v1/views')).views;
    const own = views.filter((each) => each.name === this.view);
    if (own.length === 0) {
      throw new Error(`There is no view '${this.view}'; there are ${[...new Set(views.map((each) => each.name))].sort().join(', ')}.`);
    }
    this.generations = own;
    const coming = own.find(isComing);
    this.lookMillis = coming === undefined ? RESTING_MILLIS : BUILDING_MILLIS;
    if (coming === undefined) {
      this.most = null;
    } else if (this.most === null || this.most.generation !== coming.generation || (coming.lag ?? 0) > this.most.lag) {
      this.most = {generation: coming.generation, lag: coming.lag ?? 0, at: performance.now()};
    }
  }

  /** @param {string} method @param {string} what @param {unknown} [body] */
  ask(method, what, body) {
    return ask(`/api/projector${pathOf('v1', 'views', this.view)}/${what}`, {method, body});
  }

  /** @param {SubmitEvent} event */
  replay(event) {
    event.preventDefault();
    const data = new FormData(/** @type {HTMLFormElement} */ (event.currentTarget));
    const since = String(data.get('since') ?? '').trim();
    const body = {...(since === '' ? {} : {toDatetime: since}), ...(this.inPlace ? {inPlace: true} : {})};
    const begin = () => this.act(`replay ${this.view}`, async () => {
      const {generation} = await this.ask('POST', 'replay', body);
      return `Generation ${generation} is begun.`;
    }, '');
    if (this.inPlace) {
      this.asked = {text: `The live generation of ${this.view} is given up at once: nobody can read the view until the replay is done.`, yes: 'Replay in place', act: begin};
    } else {
      begin();
    }
  }

  cancel() {
    this.asked = {
      text: 'What was built so far is deleted.',
      yes: 'Cancel the replay',
      act: () => this.act(`cancel the replay of ${this.view}`, () => this.ask('DELETE', 'replay').then(() => {}), 'The replay is cancelled.'),
    };
  }

  drop() {
    this.asked = {
      text: 'Generations that were replaced are deleted: there is no way back to them.',
      yes: 'Drop them',
      act: () => this.act(`drop what was replaced of ${this.view}`, () => this.ask('DELETE', 'replaced').then(() => {}), 'They are dropped.'),
    };
  }

  /** @param {SubmitEvent} event @param {import('../generations.js').Stop} stop */
  skip(event, stop) {
    event.preventDefault();
    const reason = String(new FormData(/** @type {HTMLFormElement} */ (event.currentTarget)).get('reason') ?? '').trim();
    const at = placeOf(stop);
    this.asked = {
      text: `What ${at} would have changed is missing from ${this.view}, for ever.`,
      yes: 'Skip it',
      act: () => this.act(`have ${this.view} pass over ${at}`, () => this.ask('POST', 'skip', {at, reason}).then(() => {}), `It is noted: the view passes over ${at} when it tries again, within a minute.`),
    };
  }

  render() {
    const all = this.generations;
    return html`
      <div class="head"><h1 tabindex="-1"><span class="of">views</span> ${this.view}</h1>
        <a href=${all?.[0]?.aggregateType === this.view ? pathOf('t', this.view) : pathOf('views', this.view, 'rows')}>its rows</a></div>
      ${this.failurePart()}
      ${this.donePart()}
      ${all === null ? this.loadingPart(4) : html`
        ${this.progress(all)}
        <section class="panel wide" aria-label="Generations" tabindex="0">
          <h2>Generations</h2>
          ${generationTable(all.map((each) => ({...each, stopped: null, state: each.stopped === null ? each.state : 'STOPPED'})), (view) => view.name)}
        </section>
        ${all.filter((each) => each.stopped !== null).map((each) => this.stopped(each))}
        ${this.readOnly ? nothing : this.operations(all)}
        ${commandLines(this.lines(all))}`}`;
  }

  /** @param {import('../generations.js').Generation[]} all */
  progress(all) {
    const coming = all.find(isComing);
    if (coming === undefined || this.most === null) {
      return nothing;
    }
    const done = this.most.lag - (coming.lag ?? this.most.lag);
    const seconds = (performance.now() - this.most.at) / 1_000;
    const left = done > 0 && seconds > 2 ? Math.ceil((coming.lag ?? 0) * seconds / done) : null;
    return html`
      <section class="panel" aria-label="Replay">
        <div class="panel-head"><h2>Generation ${coming.generation} is ${coming.status === 'building' ? 'being built' : 'taking over'}</h2>
          ${this.readOnly ? nothing : html`<button class="button" type="button" ?disabled=${this.doing} @click=${this.cancel}>Cancel the replay</button>`}</div>
        <progress aria-label="Replay" max=${Math.max(1, this.most.lag)} value=${done}></progress>
        <p class="small muted">${coming.lag === null ? 'It has not begun to read.' : `${number(coming.lag)} records behind`}${left === null ? '' : `, some ${number(left)} s left`}</p>
      </section>`;
  }

  /** @param {import('../generations.js').Generation} generation */
  stopped(generation) {
    const stop = /** @type {import('../generations.js').Stop} */ (generation.stopped);
    return html`
      <section class="panel" aria-label="Stopped">
        <h2>Generation ${generation.generation} has stopped</h2>
        ${stopPart(stop)}
        ${this.readOnly ? nothing : html`
          <form class="actions" @submit=${(/** @type {SubmitEvent} */ event) => this.skip(event, stop)}>
            <label class="field">Reason <input name="reason" type="text" required maxlength="500" autocomplete="off"></label>
            <button class="button" type="submit" ?disabled=${this.doing}>Skip this record</button>
          </form>`}
      </section>`;
  }

  /** @param {import('../generations.js').Generation[]} all */
  operations(all) {
    return html`
      <section class="panel" aria-label="Operations">
        <h2>Replay</h2>
        <form class="actions" @submit=${this.replay}>
          <label class="field">Events since <input name="since" type="text" placeholder="the first one" autocomplete="off" title="Such as 2011-01-04T10:00:00Z; rows hold nothing older then"></label>
          <label class="check"><input type="checkbox" .checked=${this.inPlace} @change=${(/** @type {Event} */ event) => (this.inPlace = /** @type {HTMLInputElement} */ (event.target).checked)}> in place</label>
          <button class="button primary" type="submit" ?disabled=${this.doing || all.some(isComing)}>Replay</button>
          ${all.some((each) => each.status === 'replaced') ? html`<button class="button" type="button" ?disabled=${this.doing} @click=${this.drop}>Drop replaced</button>` : nothing}
        </form>
        <p class="small muted">Another generation is built beside the one that is read, and takes over when it has caught up. In place needs half the room, and nobody can read meanwhile.</p>
      </section>`;
  }

  /** @param {import('../generations.js').Generation[]} all */
  lines(all) {
    const url = `${this.about?.projectorUrl ?? 'http://127.0.0.1:8082'}${pathOf('v1', 'views', this.view)}`;
    const json = "-H 'Content-Type: application/json'";
    const name = shell(this.view);
    const body = this.inPlace ? `'{"inPlace":true}'` : `'{}'`;
    const lines = all.some(isComing)
      ? [`curl -X DELETE ${url}/replay`, `./annals replay ${name} --cancel`]
      : [`curl ${url}/replay ${json} -d ${body}`, `./annals replay ${name}${this.inPlace ? ' --in-place' : ''}`];
    if (all.some((each) => each.status === 'replaced')) {
      lines.push(`curl -X DELETE ${url}/replaced`, `./annals replay ${name} --drop-old`);
    }
    for (const stop of all.flatMap((each) => each.stopped ?? [])) {
      lines.push(`curl ${url}/skip ${json} -d '{"at":"${placeOf(stop)}","reason":"…"}'`, `./annals skip ${name} ${placeOf(stop)} --reason '…'`);
    }
    return lines;
  }
}

customElements.define('an-view', ViewScreen);
