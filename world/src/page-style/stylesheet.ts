import { createHash } from 'node:crypto';

/** Look of every server-rendered page of the simulated world. No external resource, so no page needs the network. */
export const stylesheet = `
:root { color-scheme: light dark; --page: light-dark(#eef1ee, #0c1210); --surface: light-dark(#fff, #151d1a);
  --raised: light-dark(#f5f7f5, #1d2723); --line: light-dark(#c3cec8, #3a4a43); --text: light-dark(#14201a, #e6eeea);
  --quiet: light-dark(#4d5c55, #9fb0a8); --accent: light-dark(#0b7a4b, #34d399); --on-accent: light-dark(#fff, #04150d);
  --danger: light-dark(#b3261e, #ff8a80); --notice: light-dark(#fff4ce, #3a3012); --on-notice: light-dark(#4a3700, #ffe08a);
  font: 16px/1.5 system-ui, sans-serif; }
* { box-sizing: border-box; }
body { margin: 0; min-height: 100dvh; background: var(--page); color: var(--text); }
h1, h2, h3, p, ul, dl, dd, fieldset, legend { margin: 0; padding: 0; border: 0; list-style: none; }
h1 { font-size: 1.35rem; line-height: 1.25; overflow-wrap: anywhere; }
h2 { font-size: 1.05rem; overflow-wrap: anywhere; }
.notice { background: var(--notice); color: var(--on-notice); padding: .5rem 1rem; text-align: center; font-size: .9rem; }
.column { max-width: 44rem; margin: 0 auto; padding: 1rem; display: grid; gap: 1rem; }
.narrow { max-width: 30rem; }
.card { background: var(--surface); border: 1px solid var(--line); border-radius: .75rem; padding: 1rem; display: grid; gap: .75rem; }
.row { display: flex; flex-wrap: wrap; gap: .5rem 1rem; align-items: center; justify-content: space-between; }
.quiet { color: var(--quiet); font-size: .9rem; overflow-wrap: anywhere; }
.error { color: var(--danger); font-weight: 600; }
.code { font: 600 2rem/1.2 ui-monospace, monospace; letter-spacing: .12em; overflow-wrap: anywhere; }
.text { white-space: pre-wrap; overflow-wrap: anywhere; }
.past { opacity: .65; }
.choice { display: flex; gap: .75rem; align-items: start; min-height: 2.75rem; padding: .5rem; border-radius: .5rem; background: var(--raised); }
.choice input { width: 1.25rem; height: 1.25rem; margin: .15rem 0 0; flex: none; accent-color: var(--accent); }
.choice span { overflow-wrap: anywhere; }
ul > .choice + .choice { margin-top: .5rem; }
fieldset { display: grid; gap: .5rem; min-width: 0; }
legend { font-weight: 600; margin-bottom: .5rem; }
label.field { display: grid; gap: .25rem; }
button, .button, input[type=email], input[type=text] { font: inherit; min-height: 2.75rem; padding: .5rem 1rem; border-radius: .5rem;
  border: 1px solid var(--line); background: var(--surface); color: inherit; max-width: 100%; }
input[type=email], input[type=text] { width: 100%; }
button, .button { cursor: pointer; text-decoration: none; display: inline-flex; align-items: center; justify-content: center; }
button.main { background: var(--accent); border-color: var(--accent); color: var(--on-accent); font-weight: 600; }
a { color: var(--accent); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
`;

/** What `style-src` of a Content-Security-Policy must allow for the sheet above, and nothing else. */
export const stylesheetHash = `'sha256-${createHash('sha256').update(stylesheet).digest('base64')}'`;
