/** When the owner is busy, without titles: what free slots are computed from. */
export const freeBusyScope = 'https://www.googleapis.com/auth/calendar.freebusy';
/** To write accepted appointments. The owner may leave it out in Google's consent. */
export const eventsScope = 'https://www.googleapis.com/auth/calendar.events';

export const requestedScopes = ['openid', 'email', freeBusyScope, eventsScope];
