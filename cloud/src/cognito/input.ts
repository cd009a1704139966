import { z } from 'zod';

export const clientId = z.string().min(1).max(128);
export const username = z.string().min(1).max(128);
export const password = z.string().min(1).max(256);
export const confirmationCode = z.string().min(1).max(2048);
export const session = z.string().min(20).max(2048);
export const secretHash = z.string().min(1).max(128).optional();
export const clientSecret = z.string().min(1).max(64).optional();
export const token = z.string().min(1).max(16_384);
export const accessTokenInput = z.object({ AccessToken: token });

/** Standard attributes of OpenID Connect that users may write themselves. */
const writable = new Set([
  'name',
  'given_name',
  'family_name',
  'middle_name',
  'nickname',
  'preferred_username',
  'profile',
  'picture',
  'website',
  'gender',
  'birthdate',
  'zoneinfo',
  'locale',
  'address',
  'updated_at',
  'phone_number',
  'email',
]);

export const userAttributes = z
  .array(
    z.object({
      Name: z.string().refine((name) => writable.has(name), 'Attributes did not conform to the schema'),
      Value: z.string().max(2048),
    }),
  )
  .default([])
  .transform((list) => Object.fromEntries(list.map(({ Name, Value }) => [Name, Value])));
