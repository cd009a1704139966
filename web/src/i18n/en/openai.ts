import type { Messages } from '../messages.ts';

/** Why the assistant can't write with the owner's key, or soon can't. */
export const openAi: Messages['openAi'] = {
  invalid: 'OpenAI no longer accepts this key. Paste a new one and the assistant will help again.',
  problem: {
    no_credit:
      'The key is right, but the OpenAI account has no credit left or reached a spending limit. Top it up or raise the limit at platform.openai.com; the key can stay.',
    restricted:
      'The key is right, but it has no permission to write replies. At platform.openai.com, give it “Models: Read” and “Responses: Write”.',
    model_not_allowed:
      'This key’s project may not use the model {model}. Allow the model in the project’s limits at platform.openai.com, or use a key from another project.',
    model_gone:
      'OpenAI no longer offers the model {model}, which this app uses. Your key is right; whoever runs this app has been told.',
    region:
      'OpenAI doesn’t serve the country where this app is hosted. Your key is right; contact whoever runs this app.',
    wrong_host:
      'This key’s project must keep its data in another region, which this app doesn’t use. Use a key from a project without data residency.',
    not_allowed: 'OpenAI knows this key but refused its use. Check your account at platform.openai.com.',
  },
  triesAgain: 'The assistant tries again at the first message after {when}. To try now, paste the key again.',
  modelEnds:
    'OpenAI will shut down the model {model} on {day}. Nothing changes until then. Whoever runs this app has been told and has to choose another.',
};
