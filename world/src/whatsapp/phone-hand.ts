import { createChanging, type Changing } from './hand/changing.ts';
import { createCircumstances, type Circumstances } from './hand/circumstances.ts';
import { createLinkingHand, type LinkingHand } from './hand/linking-hand.ts';
import { createPeople, type People } from './hand/people.ts';
import { createReading, type Reading } from './hand/reading.ts';
import { createWriting, type Writing } from './hand/writing.ts';
import type { WorldCore } from './world.ts';

/** What people do with the simulated phones, and what a test does to the world. */
export interface PhoneHand extends People, Reading, Writing, Changing, LinkingHand, Circumstances {}

export function createPhoneHand(core: WorldCore): PhoneHand {
  return {
    ...createPeople(core),
    ...createReading(core),
    ...createWriting(core),
    ...createChanging(core),
    ...createLinkingHand(core),
    ...createCircumstances(core),
  };
}
