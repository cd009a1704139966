export { liveScriptName, sendLiveScript } from './live-script.ts';
export { localeOf } from './locale.ts';
export { addressBesidePage, sendPage, type Markup } from './send-page.ts';
