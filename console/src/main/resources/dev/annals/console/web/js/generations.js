/** Generations of views, as the projector service tells of them. */

import {html, nothing} from '/assets/vendor/lit.js';
import {number, time} from './format.js';

/** @typedef {{topic: string, partition: number, offset: number, key: string | null, reason: string, since: string}} Stop */
/** @typedef {{name: string, generation: number, aggregateType: string, status: string, state: string, lag: number | null, stopped: Stop | null}} Generation */

/** Whether it is on its way to readers. @param {Generation} generation */
export function isComing(generation) {
  return generation.status === 'building' || generation.status === 'taking-over';
}

/** What needs somebody first. @param {Generation} generation */
export function order(generation) {
  return generation.stopped !== null ? 0 : isComing(generation) ? 1 : generation.status === 'live' ? 2 : 3;
}

/** As a person writes it. @param {Stop} stop */
export function placeOf(stop) {
  return `${stop.topic}-${stop.partition}@${stop.offset}`;
}

/** @param {Generation} view */
function stateOf(view) {
  const [dot, text] = view.stopped !== null
    ? ['bad', 'stopped']
    : view.status === 'replaced' ? ['', 'kept'] : view.state === 'RUNNING' ? ['good', 'running'] : ['warn', view.state.toLowerCase().replaceAll('_', ' ')];
  return html`<span class="state"><i class="dot ${dot}" aria-hidden="true"></i>${text}</span>`;
}

/** @param {Generation[]} views @param {(view: Generation) => unknown} name */
export function generationTable(views, name) {
  return html`
    <table>
      <thead><tr><th scope="col">View</th><th scope="col" class="right">Generation</th><th scope="col">Status</th><th scope="col">State</th><th scope="col" class="right">Behind</th></tr></thead>
      <tbody>${views.map((view) => html`
        <tr>
          <th scope="row">${name(view)}</th>
          <td class="right">${view.generation}</td>
          <td>${view.status}</td>
          <td>${stateOf(view)}</td>
          <td class="right">${view.lag === null ? '–' : number(view.lag)}</td>
        </tr>
        ${view.stopped === null ? nothing : html`<tr class="detail"><td colspan="5">${stopPart(view.stopped)}</td></tr>`}`)}
      </tbody>
    </table>`;
}

/** @param {Stop} stop */
export function stopPart(stop) {
  return html`<div class="reason"><code>${placeOf(stop)}</code>${stop.key === null ? nothing : html` key <code>${stop.key}</code>`}, since <time datetime=${stop.since}>${time(stop.since)}</time><p>${stop.reason}</p></div>`;
}
