/** Ways to break the protocol on purpose, so that it is known that the checker notices. */
export const variants = ['no supervisor', 'steals early', 'no epoch check', 'no fence', 'releases early'] as const;
export type Variant = (typeof variants)[number];
