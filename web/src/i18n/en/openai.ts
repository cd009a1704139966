import type { Messages } from '../messages.ts';

/** Why the assistant can't write with the owner's key, or soon can't. */
export const openAi: Messages['openAi'] = {
  invalid: 'OpenAI no longer accepts this key. Paste a new one and the assistant will help again.',
  problem: {
    no_credit:
      'The key is right, but the OpenAI account has no credit left or reached a spending limit. Top it up or raise the limit at platform.openai.com; the key can stay.',
    restricted:
      'The key is right, but it may not write answers. At platform.openai.com give it “Models: Read” and “Responses: Write”.',
    model_not_allowed:
      'The project of this key may not use the model {model}. Allow it in the project’s limits at platform.openai.com, or use a key of another project.',
    model_gone:
      'OpenAI no longer offers the model {model}, which this app uses. Your key is right; whoever runs the app has been told.',
    region: 'OpenAI doesn’t serve the country where this app is hosted. Your key is right; tell whoever runs the app.',
    wrong_host:
      'The data of this key’s project must stay in another region, which this app doesn’t use. Use a key of a project without data residency.',
    not_allowed: 'OpenAI knows this key but refused to serve it. Look at your account at platform.openai.com.',
  },
  triesAgain: 'The assistant tries again at the first message after {when}; pasting the key again tries at once.',
  modelEnds:
    'OpenAI shuts the model {model} down on {day}. Nothing changes until then; whoever runs the app has been told and has to choose another.',
};
