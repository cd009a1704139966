/**
 * Reporter for vitest: names every test that passed only when it was run again, so that a retry hides nothing.
 * https://vitest.dev/api/advanced/reporters
 */
export default class SecondTries {
  /** @param {ReadonlyArray<import('vitest/node').TestModule>} modules */
  onTestRunEnd(modules) {
    const retried = modules.flatMap((module) =>
      [...module.children.allTests()]
        .filter((test) => test.diagnostic()?.flaky)
        .map((test) => `  ${module.relativeModuleId} > ${test.fullName}`),
    );
    if (retried.length === 0) return;
    console.log(`\nPassed only at the second try (${retried.length}); look at these:\n${retried.join('\n')}`);
  }
}
