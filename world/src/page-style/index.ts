export { liveScriptName, sendLiveScript } from './live-script.ts';
export { localeOf } from './locale.ts';
export { besidePage, sendPage, type Markup } from './send-page.ts';
