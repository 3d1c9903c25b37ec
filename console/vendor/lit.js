// What the pages use of Lit. `bundle` makes src/main/resources/dev/annals/console/web/vendor/lit.js of it.
export {LitElement, html, svg, nothing} from 'lit';
export {repeat} from 'lit/directives/repeat.js';
export {live} from 'lit/directives/live.js';
export {ref, createRef} from 'lit/directives/ref.js';
export {classMap} from 'lit/directives/class-map.js';
