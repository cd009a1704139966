import type { Me, UpdateMeRequest } from '@top-active/core/contracts';

export interface ProfileStore {
  get(): Promise<Me | undefined>;
  /** Keeps an existing profile as it is. Working hours, zone and the rest start with the defaults of `core/domain`. */
  create(profile: Pick<Me, 'email' | 'name' | 'locale'>): Promise<Me>;
  /** @throws {AppError} `not_found` without a profile */
  update(patch: UpdateMeRequest): Promise<Me>;
}
