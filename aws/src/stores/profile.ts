import { meSchema, type Me, type UpdateMeRequest, type UserId } from '@top-active/core/contracts';
import { defaultProfile } from '@top-active/core/domain';
import { AppError } from '@top-active/core/errors';
import { keys } from '../items/keys.ts';
import { instant } from '../items/instants.ts';
import type { StoreContext } from './store-context.ts';

export interface ProfileStore {
  get(): Promise<Me | undefined>;
  /**
   * Leaves an existing profile as it is. Working hours, time zone and the rest start with the defaults of
   * `core/domain`.
   */
  create(profile: Pick<Me, 'email' | 'name' | 'locale'>): Promise<Me>;
  /** @throws {AppError} `not_found` without a profile */
  update(patch: UpdateMeRequest): Promise<Me>;
  /**
   * Stores version and time once: if the same version is accepted again, the first time stays. @throws {AppError}
   * `not_found` without a profile
   */
  acceptLinkNotice(version: number): Promise<Me>;
  /** A login was used by two: its owner is to read of it. Nothing happens without a profile. */
  noteMisuse(): Promise<void>;
}

export function createProfileStore({ items, events, now }: StoreContext, userId: UserId): ProfileStore {
  const get = () => items.get(keys.profile, meSchema);

  return {
    get,
    create: ({ email, name, locale }) =>
      events.commit(async () => {
        const existing = await get();
        if (existing) return { changes: [], events: [], result: existing };
        const me: Me = {
          id: userId,
          email,
          name,
          locale,
          ...defaultProfile,
          linkNotices: [],
          createdAt: instant(now()),
        };
        return {
          changes: [{ kind: 'put', sk: keys.profile, item: me, condition: 'absent' }],
          events: [{ type: 'profile.updated', ids: {} }],
          result: me,
        };
      }),
    update: (patch) =>
      events.commit(async () => {
        const existing = await get();
        if (!existing) throw profileNotFound();
        const me = meSchema.parse({ ...existing, ...withoutUndefined(patch) });
        return {
          changes: [{ kind: 'put', sk: keys.profile, item: me, condition: 'present' }],
          events: [{ type: 'profile.updated', ids: {} }],
          result: me,
        };
      }),
    noteMisuse: () =>
      events.commit(async () => {
        const existing = await get();
        if (!existing) return { changes: [], events: [], result: undefined };
        const me: Me = { ...existing, loginMisusedAt: instant(now()) };
        return {
          changes: [{ kind: 'put', sk: keys.profile, item: me, condition: 'present' }],
          events: [{ type: 'profile.updated', ids: {} }],
          result: undefined,
        };
      }),
    acceptLinkNotice: (version) =>
      events.commit(async () => {
        const existing = await get();
        if (!existing) throw profileNotFound();
        if (existing.linkNotices.some((notice) => notice.version === version))
          return { changes: [], events: [], result: existing };
        const linkNotices = [...existing.linkNotices, { version, acceptedAt: instant(now()) }];
        const me: Me = { ...existing, linkNotices };
        return {
          changes: [{ kind: 'put', sk: keys.profile, item: me, condition: 'present' }],
          events: [{ type: 'profile.updated', ids: {} }],
          result: me,
        };
      }),
  };
}

function withoutUndefined(patch: UpdateMeRequest): UpdateMeRequest {
  return Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined));
}

function profileNotFound(): AppError {
  return new AppError('not_found', {
    detail: 'This account has no profile yet.',
    remedy: 'Confirm the e-mail address, then log in again.',
  });
}
