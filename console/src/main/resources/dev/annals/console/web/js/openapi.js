/** What the command service's document says of commands: their fields, and which a type has. */

import {ask} from './api.js';

/** @typedef {Record<string, any>} Schema JSON Schema, as the document has it */
/** @typedef {{type: string, name: string, summary: string, schema: Schema, example: any}} Command */

/** @type {Promise<Command[]> | null} */
let known = null;

/** What is typed for a text without characters: a field in which nothing stands is left out. */
export const EMPTY_TEXT = '""';

const SEND = /^\/v1\/([^/{}]+)\/\{id\}\/([^/{}]+)$/;

/** All commands of all types; the document is asked for once. @returns {Promise<Command[]>} */
export function commands() {
  known ??= ask('/api/command/openapi.json').then(({paths}) => Object.entries(paths).flatMap(([path, methods]) => {
    const match = SEND.exec(path);
    const body = methods.post?.requestBody?.content?.['application/json'];
    return match === null || body === undefined
      ? []
      : [{type: match[1], name: match[2], summary: methods.post.summary ?? '', schema: body.schema, example: body.example}];
  }));
  known.catch(() => (known = null));
  return known;
}

window.addEventListener('annals-token', () => (known = null));

/** @param {Schema} schema @returns {string} its type, without that it may be null */
export function typeOf(schema) {
  const types = [schema.type].flat().filter((type) => type !== 'null');
  return types.includes('string') ? 'string' : (types[0] ?? 'any');
}

/**
 * What somebody has typed so far: texts, lists and objects of these; undefined for what is left out.
 *
 * @typedef {any} Draft
 */

/** @param {Schema} schema @param {boolean} required @returns {Draft} */
export function emptyDraft(schema, required = true) {
  switch (formOf(schema)) {
    case 'object':
      return required ? objectDraft(schema, (each, needed) => emptyDraft(each, needed)) : undefined;
    case 'list':
      return required ? [emptyDraft(schema.items)] : [];
    default:
      return '';
  }
}

/** @param {Schema} schema @param {any} value what is to stand there @returns {Draft} */
export function draftOf(schema, value) {
  if (value === undefined || value === null) {
    return emptyDraft(schema, false);
  }
  switch (formOf(schema)) {
    case 'object':
      return Object.fromEntries(Object.entries(schema.properties).map(([name, each]) => [name, draftOf(each, value[name])]));
    case 'list':
      return value.map((/** @type {any} */ each) => draftOf(schema.items, each));
    case 'json':
      return JSON.stringify(value);
    default:
      return value === '' ? EMPTY_TEXT : String(value);
  }
}

/** @param {Schema} schema @param {(schema: Schema, required: boolean) => Draft} each */
function objectDraft(schema, each) {
  const required = new Set(schema.required ?? []);
  return Object.fromEntries(Object.entries(schema.properties).map(([name, property]) => [name, each(property, required.has(name))]));
}

/** @param {Schema} schema @returns {'object' | 'list' | 'choice' | 'flag' | 'date' | 'text' | 'json'} by what it is filled in */
export function formOf(schema) {
  const type = typeOf(schema);
  if (schema.enum !== undefined) {
    return 'choice';
  }
  if (type === 'object' && schema.properties !== undefined) {
    return 'object';
  }
  if (type === 'array') {
    return 'list';
  }
  if (type === 'boolean') {
    return 'flag';
  }
  if (type === 'string' || type === 'integer' || type === 'number') {
    return schema.format === 'date' ? 'date' : 'text';
  }
  return 'json'; // maps and choices of records
}

/**
 * The JSON of a draft. What can't be read as its type is sent as the text that it is: the service says at which field
 * it expected what.
 *
 * @param {Schema} schema @param {Draft} draft @returns {any} undefined: nothing was filled in
 */
export function valueOf(schema, draft) {
  if (draft === undefined || draft === '') {
    return undefined;
  }
  switch (formOf(schema)) {
    case 'object':
      return Object.fromEntries(Object.entries(schema.properties)
        .map(([name, each]) => [name, valueOf(each, draft[name])])
        .filter(([, value]) => value !== undefined));
    case 'list':
      return draft.length === 0 ? undefined : draft.map((/** @type {Draft} */ each) => valueOf(schema.items, each) ?? null);
    case 'flag':
      return draft === 'true';
    case 'json':
      return parsed(draft);
    default:
      return typeOf(schema) === 'string' ? (draft === EMPTY_TEXT ? '' : draft) : numeric(typeOf(schema), draft);
  }
}

/** @param {string} type @param {string} text */
function numeric(type, text) {
  const value = Number(text);
  const exact = type === 'integer' ? Number.isSafeInteger(value) : Number.isFinite(value);
  return exact && text.trim() !== '' ? value : text;
}

/** @param {string} text */
function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
