import type { ProbeContext } from '../probe-context.ts';

/** Who somebody is, under which ids. */
export function probeContact({ expectsFunction }: ProbeContext): void {
  expectsFunction('WAWebApiContact', 'getAlternateUserWid');
  expectsFunction('WAWebApiContact', 'getCurrentLid');
  expectsFunction('WAWebApiContact', 'getPhoneNumber');
  expectsFunction('WAWebCollections', 'Contact.get');
  expectsFunction('WAWebQueryExistsJob', 'queryWidExists');
}
