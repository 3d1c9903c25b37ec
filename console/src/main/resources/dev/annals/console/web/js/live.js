/**
 * Server-sent events over fetch: unlike EventSource it sends a token, and says what stands in the way. It comes back by
 * itself with the id of the last event, so that nothing is missed and nothing comes twice.
 */

import {headers, problemOf} from './api.js';
import {parseJson} from './format.js';

const FIRST_PAUSE_MILLIS = 1_000;
const LAST_PAUSE_MILLIS = 10_000;

/** A browser has six connections to an origin, for all tabs: those that nobody looks at give theirs back. */
const HIDDEN_MILLIS = 20_000;

/** Services send a comment every ten seconds by default. */
const SILENCE_MILLIS = 45_000;

/** @typedef {{state: 'connecting' | 'live' | 'waiting' | 'ended', why: string}} LiveState */

/**
 * @param {string} path from /api on
 * @param {{lastId?: string, onEvent: (data: any, id: string) => void, onState?: (state: LiveState) => void}} options
 * @returns {{close: () => void}}
 */
export function live(path, {lastId = '', onEvent, onState = () => {}}) {
  const closed = new AbortController();
  const position = {id: lastId};
  run(path, position, onEvent, onState, closed.signal);
  return {close: () => closed.abort()};
}

/**
 * @param {string} path
 * @param {{id: string}} position
 * @param {(data: any, id: string) => void} onEvent
 * @param {(state: LiveState) => void} onState
 * @param {AbortSignal} closed
 */
async function run(path, position, onEvent, onState, closed) {
  let pause = FIRST_PAUSE_MILLIS;
  onState({state: 'connecting', why: ''});
  while (!closed.aborted) {
    await visible(closed);
    let why = 'the answer ended';
    try {
      const opened = await read(path, position, onEvent, () => {
        pause = FIRST_PAUSE_MILLIS;
        onState({state: 'live', why: ''});
      }, closed);
      if (opened.final) {
        onState({state: 'ended', why: opened.why});
        return;
      }
      why = opened.why || why;
    } catch (failure) {
      why = failure instanceof Error ? failure.message : String(failure);
    }
    if (closed.aborted) {
      return;
    }
    onState({state: 'waiting', why});
    await rest(pause, closed);
    pause = Math.min(LAST_PAUSE_MILLIS, pause * 2);
  }
}

/**
 * @param {string} path
 * @param {{id: string}} position
 * @param {(data: any, id: string) => void} onEvent
 * @param {() => void} onOpen
 * @param {AbortSignal} closed
 * @returns {Promise<{final: boolean, why: string}>} final: to come back would not help
 */
async function read(path, position, onEvent, onOpen, closed) {
  const silence = new AbortController();
  const tooQuiet = () => silence.abort(new Error('nothing was heard'));
  let timer = setTimeout(tooQuiet, SILENCE_MILLIS);
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let hidden;
  const look = () => {
    clearTimeout(hidden);
    hidden = document.hidden ? setTimeout(() => silence.abort(new Error('nobody looks')), HIDDEN_MILLIS) : undefined;
  };
  document.addEventListener('visibilitychange', look);
  look();
  try {
    const answer = await fetch(path, {
      headers: headers({
        Accept: 'text/event-stream',
        ...(position.id === '' ? {} : {'Last-Event-ID': position.id}),
      }),
      cache: 'no-store',
      signal: AbortSignal.any([closed, silence.signal]),
    });
    if (!answer.ok || answer.body === null) {
      const problem = await problemOf(answer);
      return {final: [400, 401, 403, 404, 406, 410].includes(answer.status), why: problem.message};
    }
    onOpen();
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    let why = '';
    for (;;) {
      const {done, value} = await reader.read();
      if (done) {
        return {final: false, why};
      }
      clearTimeout(timer);
      timer = setTimeout(tooQuiet, SILENCE_MILLIS);
      text += value;
      const parts = text.split('\n\n');
      text = parts.pop() ?? '';
      for (const part of parts) {
        const event = parse(part);
        if (event.name === 'end') {
          why = event.data?.reason ?? '';
        } else if (event.data !== undefined) {
          onEvent(event.data, event.id);
        }
        if (event.id !== '') {
          position.id = event.id;
        }
      }
    }
  } finally {
    clearTimeout(timer);
    clearTimeout(hidden);
    document.removeEventListener('visibilitychange', look);
  }
}

/** When the page is looked at. @param {AbortSignal} closed @returns {Promise<void>} */
function visible(closed) {
  return new Promise((resolve) => {
    const done = () => {
      if (!document.hidden || closed.aborted) {
        document.removeEventListener('visibilitychange', done);
        closed.removeEventListener('abort', done);
        resolve();
      }
    };
    document.addEventListener('visibilitychange', done);
    closed.addEventListener('abort', done);
    done();
  });
}

/** @param {string} text one event @returns {{name: string, id: string, data: any}} */
function parse(text) {
  let name = '';
  let id = '';
  let data = '';
  for (const line of text.split('\n')) {
    const colon = line.indexOf(':');
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (field === 'event') {
      name = value;
    } else if (field === 'id') {
      id = value;
    } else if (field === 'data') {
      data += data === '' ? value : '\n' + value;
    }
  }
  return {name, id, data: data === '' ? undefined : parseJson(data)};
}

/** @param {number} millis @param {AbortSignal} closed */
function rest(millis, closed) {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, millis);
    closed.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve(undefined);
    }, {once: true});
  });
}
