import recommended from 'aws-cdk-lib/recommended-feature-flags.json' with { type: 'json' };

/** The CDK's behaviour as for a new project of its version, but for what would be wrong here. */
export const featureFlags: Readonly<Record<string, unknown>> = {
  ...recommended,
  // Weak references are resolved when a stack is deployed: an export in use could be deleted, and a stack left with a
  // dangling name.
  '@aws-cdk/core:defaultCrossStackReferences': 'strong',
};
