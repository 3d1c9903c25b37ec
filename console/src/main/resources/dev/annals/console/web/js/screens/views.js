/** The views with their generations, stopped ones first. */

import {html, nothing} from '/assets/vendor/lit.js';
import {ask} from '../api.js';
import {Looking} from '../looking.js';
import {pathOf} from '../navigation.js';
import {commandLines} from '../parts.js';
import {generationTable, order} from '../generations.js';

class ViewsScreen extends Looking {
  static properties = {views: {state: true}};

  constructor() {
    super();
    /** @type {import('../generations.js').Generation[] | null} */
    this.views = null;
  }

  async read() {
    this.views = (await ask('/api/projector/v1/views')).views;
  }

  render() {
    const views = this.views;
    const url = this.about?.projectorUrl ?? 'http://127.0.0.1:8082';
    return html`
      <div class="head"><h1 tabindex="-1">Views</h1></div>
      ${this.failurePart()}
      ${views === null ? this.loadingPart(8) : html`
        <section class="panel wide" aria-label="Generations" tabindex="0">
          ${generationTable([...views].sort((a, b) => order(a) - order(b)), (view) => html`<a href=${pathOf('views', view.name)}>${view.name}</a>`)}
        </section>`}
      ${views === null ? nothing : commandLines([`curl ${url}/v1/views`, './annals views'])}`;
  }
}

customElements.define('an-views', ViewsScreen);
