/** Instances of processes. */

import {html} from '/assets/vendor/lit.js';

/** @typedef {{id: string, version: number, status: string, time: string | null, reason: string | null}} Instance as a list has it */

/** @type {Record<string, string>} */
const DOTS = {PARKED: 'bad', RUNNING: 'good', ENDED: ''};

/** @param {string} status */
export function statusMark(status) {
  return html`<span class="state"><i class="dot ${DOTS[status] ?? ''}" aria-hidden="true"></i>${status.toLowerCase()}</span>`;
}
