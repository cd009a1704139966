import { linkNoticeVersion } from './contracts/link-notice.ts';
import type { ProblemCode } from './contracts/problem.ts';

interface ProblemWords {
  title: string;
  detail: string;
  remedy: string;
}

/**
 * What each problem is called, what is wrong, and what helps. A caller that knows more replaces these words. Kept
 * apart from codes and statuses, since the web app needs those alone: it has sentences of its own for each code.
 */
export const problemWords: Readonly<Record<ProblemCode, ProblemWords>> = {
  invalid_request: {
    title: 'Invalid request',
    detail: 'Some fields of the request are not valid.',
    remedy: 'Correct the fields that `errors` names, and send the request again.',
  },
  invalid_json: {
    title: 'Invalid JSON',
    detail: 'The body is not valid JSON.',
    remedy: 'Send a JSON object in UTF-8.',
  },
  unsupported_media_type: {
    title: 'Unsupported media type',
    detail: 'The content type of the body is not JSON.',
    remedy: 'Send the header content-type: application/json.',
  },
  body_too_large: {
    title: 'Body too large',
    detail: 'The body is larger than this API accepts.',
    remedy: 'Send at most 512 KiB.',
  },
  not_found: {
    title: 'Not found',
    detail: 'There is nothing at this address.',
    remedy: 'See /api/openapi.json for all routes.',
  },
  method_not_allowed: {
    title: 'Method not allowed',
    detail: 'This address does not accept this method.',
    remedy: 'Use a method named in the Allow header.',
  },
  unauthorized: {
    title: 'Unauthorized',
    detail: 'The request carries no valid access token.',
    remedy: 'Log in, and send the access token (not the ID token) as Authorization: Bearer.',
  },
  forbidden_origin: {
    title: 'Foreign origin',
    detail: 'The request does not come from the pages of this app.',
    remedy: 'Use the app itself: cookies are accepted only from its own origin.',
  },
  wrong_address: {
    title: 'Wrong address',
    detail: 'The API does not answer at this address.',
    remedy: 'Use the address of the app, followed by /api/.',
  },
  too_many_attempts: {
    title: 'Too many attempts',
    detail: 'There were too many attempts in a short time.',
    remedy: 'Wait for as many seconds as Retry-After says, then try again.',
  },
  account_locked: {
    title: 'Locked for a while',
    detail: 'There were too many wrong passwords for this e-mail address, from devices that never logged in to it.',
    remedy:
      'Log in on a device that you have used before, set a new password by e-mail, or wait for as many seconds as Retry-After says.',
  },
  mail_unavailable: {
    title: 'No e-mail can be sent',
    detail: 'The service has sent as many e-mails as it may today.',
    remedy: 'Try again later. Whoever runs this service has been told.',
  },
  invalid_credentials: {
    title: 'Wrong e-mail or password',
    detail: 'The e-mail address or the password is wrong.',
    remedy: 'Check both and try again, or register.',
  },
  account_exists: {
    title: 'Account exists already',
    detail: 'This e-mail address belongs to an account that was confirmed before.',
    remedy: 'Log in with e-mail and password. If the password is forgotten, ask for a new one.',
  },
  weak_password: {
    title: 'Weak password',
    detail: 'The password is too easy to guess.',
    remedy: 'Use at least ten characters, one of them a digit.',
  },
  invalid_code: {
    title: 'Wrong code',
    detail: 'The confirmation code is not the one sent for this registration.',
    remedy: 'Enter the six digits from the newest e-mail, in the browser in which you registered.',
  },
  expired_code: {
    title: 'Expired code',
    detail: 'The code has expired, or was tried too often.',
    remedy: 'Register again to get a new code.',
  },
  session_expired: {
    title: 'Session expired',
    detail: 'The session has ended.',
    remedy: 'Log in again.',
  },
  account_erased: {
    title: 'Account erased',
    detail: 'This account was erased.',
    remedy: 'Register again to start over.',
  },
  openai_key_invalid: {
    title: 'OpenAI key refused',
    detail: 'OpenAI does not know this key.',
    remedy: 'Copy the key once more from platform.openai.com, or create a new one there.',
  },
  openai_key_elsewhere: {
    title: 'OpenAI key from another region',
    detail: 'The project of this key keeps its data in a region that this deployment does not use.',
    remedy: 'Create a key in a project without data residency, at platform.openai.com.',
  },
  openai_region_refused: {
    title: 'OpenAI refuses the region',
    detail: 'OpenAI does not serve the country in which this deployment runs.',
    remedy: 'Contact whoever runs this deployment. Another key does not help.',
  },
  openai_key_unusable: {
    title: 'OpenAI key not usable',
    detail: 'OpenAI knows this key, but refuses its use.',
    remedy: 'Check the account and its members at platform.openai.com.',
  },
  openai_unreachable: {
    title: 'OpenAI unreachable',
    detail: 'OpenAI could not be reached to check the key. Nothing was stored.',
    remedy: 'Try again in a minute.',
  },
  google_not_connected: {
    title: 'Google not connected',
    detail: 'No Google Calendar is connected.',
    remedy: 'Connect your Google account.',
  },
  google_state_invalid: {
    title: 'Google consent not valid',
    detail: 'This answer from Google does not belong to a consent that was started in this browser.',
    remedy: 'Start again with Connect.',
  },
  google_permission_missing: {
    title: 'Google permission missing',
    detail: 'Google was not allowed to write to the calendar.',
    remedy: 'Connect Google again and allow access to events.',
  },
  google_unreachable: {
    title: 'Google unreachable',
    detail: 'Google could not be reached.',
    remedy: 'Try again in a minute.',
  },
  whatsapp_not_linked: {
    title: 'WhatsApp not linked',
    detail: 'No WhatsApp account is linked.',
    remedy: 'Link your WhatsApp by QR code.',
  },
  whatsapp_already_connecting: {
    title: 'Already connecting',
    detail: 'WhatsApp is already being linked.',
    remedy: 'Finish that attempt, or disconnect first.',
  },
  whatsapp_already_linked: {
    title: 'Already linked',
    detail: 'A WhatsApp account is linked already.',
    remedy: 'Disconnect it before you link another.',
  },
  whatsapp_restricted: {
    title: 'Account restricted',
    detail: 'WhatsApp has restricted the account that was linked last for a time.',
    remedy:
      'Use WhatsApp on the phone until the time in `restrictedUntil` or `heldUntil` of GET /api/whatsapp, and link afterwards. Before `heldUntil` alone, {"despiteRestriction": true} links all the same.',
  },
  whatsapp_notice_not_accepted: {
    title: 'Notice not accepted',
    detail: 'The current version of the notice on linking WhatsApp was not accepted.',
    remedy: `Read it and accept it: POST /api/whatsapp/notice with {"version": ${linkNoticeVersion}}.`,
  },
  whatsapp_notice_outdated: {
    title: 'Notice outdated',
    detail: 'The accepted version of the notice on linking WhatsApp is not the current one.',
    remedy: `Reload the page and read the notice that it shows, version ${linkNoticeVersion}.`,
  },
  passkey_request_gone: {
    title: 'Request gone',
    detail: 'WhatsApp no longer waits for this answer.',
    remedy: 'Read GET /api/whatsapp. If the link has ended, start again.',
  },
  passkey_invalid: {
    title: 'Wrong answer',
    detail: 'The assertion does not answer the pending request.',
    remedy: 'Sign the pending request on https://web.whatsapp.com, with user verification.',
  },
  chat_not_found: {
    title: 'No such chat',
    detail: 'You have no chat with this id.',
    remedy: 'Use an id from GET /api/chats.',
  },
  suggestion_not_found: {
    title: 'No such suggestion',
    detail: 'You have no suggestion with this id.',
    remedy: 'Use an id from GET /api/suggestions.',
  },
  suggestion_not_pending: {
    title: 'Suggestion not pending',
    detail: 'The suggestion was already accepted or dismissed, or a newer message replaced it.',
    remedy: 'Read the suggestions again.',
  },
  slot_taken: {
    title: 'Slot taken',
    detail: 'The proposed time is no longer free.',
    remedy: 'Propose another time.',
  },
  idempotency_key_reused: {
    title: 'Idempotency key reused',
    detail: 'This idempotency key belongs to another request.',
    remedy: 'Use a new key for each new request, and the same key only to repeat one.',
  },
  host_refused: {
    title: 'Not for this host',
    detail: 'The caller may not act for these users.',
    remedy: 'Take the shard first, and keep sending heartbeats.',
  },
  conflict: {
    title: 'Conflict',
    detail: 'Another request changed the same thing at the same time.',
    remedy: 'Read it again and retry.',
  },
  internal: {
    title: 'Internal error',
    detail: 'Something went wrong on our side.',
    remedy: 'Try again. If it keeps failing, give support the id in `instance`.',
  },
};
